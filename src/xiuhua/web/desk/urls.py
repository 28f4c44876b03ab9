"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from xiuhua.web.desk import account, gallery, look

app_name = "desk"
urlpatterns = [
    path("login/", account.sign_in, name="login"),
    path("logout/", account.sign_out, name="logout"),
    path("look/", look.look, name="look"),
    path("language/", look.language, name="language"),
    path("ui.css", look.styles, name="stylesheet"),
    path("gallery/", gallery.gallery, name="gallery"),
]
