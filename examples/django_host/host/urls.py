"""The addresses of this host."""

from django.contrib import admin
from django.urls import path
from members import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("forgotten", views.forgotten, name="forgotten"),
    path("step", views.step, name="step"),
    path("admin/", admin.site.urls),
]
