"""At which address is which page?"""

from django.urls import include, path

from relance.web import account, aged, dashboard, errors, home

handler400, handler403, handler404, handler500 = errors.bad, errors.forbidden, errors.missing, errors.broken

urlpatterns = [
    path("", home.home, name="home"),
    path("account/", include("allauth.urls")),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("language/", account.language, name="language"),
    path("c/<str:company>/", dashboard.dashboard, name="dashboard"),
    path("c/<str:company>/aged/", aged.aged, name="aged"),
    path("c/<str:company>/aged/operations/", aged.operations, name="aged_operations"),
]
