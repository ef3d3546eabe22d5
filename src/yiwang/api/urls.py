from django.urls import path

from yiwang.api.views import api

urlpatterns = [path("", api.urls)]
