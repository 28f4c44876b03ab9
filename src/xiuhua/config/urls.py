"""Addresses."""

from django.urls import include, path

urlpatterns = [path("", include("xiuhua.web.desk.urls")), path("", include("xiuhua.web.api.urls"))]
