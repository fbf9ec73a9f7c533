"""At which addresses does who comes from a directory arrive? Those of the product, and those that the library adds for one."""

from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as of_a_directory
from django.urls import include, path

from relance.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [*urlpatterns, path("account/", include(of_a_directory))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
