"""Addresses."""

from django.urls import include, path

urlpatterns = [path("", include("xiuhua.web.desk.urls"))]
