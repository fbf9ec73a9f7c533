"""At which address is which page?"""

from django.urls import include, path

from relance.web import account, aged, calendar, dashboard, documents, errors, finding, home, invoices

handler400, handler403, handler404, handler500 = errors.bad, errors.forbidden, errors.missing, errors.broken

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", include("allauth.urls")),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("language/", account.language, name="language"),
    path("c/<str:company>/", dashboard.dashboard, name="dashboard"),
    path("c/<str:company>/aged/", aged.aged, name="aged"),
    path("c/<str:company>/invoices/", invoices.invoices, name="invoices"),
    path("c/<str:company>/invoices/review/", invoices.review, name="review"),
    path("c/<str:company>/documents/<int:pk>/", documents.document, name="document"),
    path("c/<str:company>/documents/<int:pk>/why/", documents.why, name="document_why"),
    path("c/<str:company>/calendar/", calendar.calendar, name="calendar"),
    path("c/<str:company>/search/", finding.search, name="search"),
    path("c/<str:company>/aged/operations/", aged.operations, name="aged_operations"),
]
