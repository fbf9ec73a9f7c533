"""At which address is which page?"""

from django.urls import include, path

from relance.web import account, aged, batches, calendar, dashboard, documents, errors, finding, home, invoices, notices, runs
from relance.web.setting_up import look, texts

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
    path("c/<str:company>/runs/", runs.runs, name="runs"),
    path("c/<str:company>/runs/today/", runs.today, name="run_today"),
    path("c/<str:company>/runs/launch/", runs.launch, name="run_launch"),
    path("c/<str:company>/runs/<int:pk>/", runs.run, name="run"),
    path("c/<str:company>/runs/<int:pk>/cancel/", runs.cancel, name="run_cancel"),
    path("c/<str:company>/runs/<int:pk>/letters/", runs.print_letters, name="run_print"),
    path("c/<str:company>/notices/<int:pk>/", notices.notice, name="notice"),
    path("c/<str:company>/notices/<int:pk>/file/", notices.notice_file, name="notice_file"),
    path("c/<str:company>/notices/<int:pk>/mail/", notices.notice_mail, name="notice_mail"),
    path("c/<str:company>/notices/<int:pk>/cancel/", notices.cancel, name="notice_cancel"),
    path("c/<str:company>/notices/<int:pk>/settle/", notices.settle, name="notice_settle"),
    path("c/<str:company>/batches/", batches.batches, name="batches"),
    path("c/<str:company>/batches/new/", batches.new, name="batch_new"),
    path("c/<str:company>/batches/<str:code>/", batches.batch, name="batch"),
    path("c/<str:company>/batches/<str:code>/act/", batches.act, name="batch_act"),
    path("c/<str:company>/calendar/", calendar.calendar, name="calendar"),
    path("c/<str:company>/search/", finding.search, name="search"),
    path("c/<str:company>/aged/operations/", aged.operations, name="aged_operations"),
    path("c/<str:company>/settings/letters/", look.look, name="look"),
    path("c/<str:company>/settings/texts/", texts.texts, name="texts"),
]
