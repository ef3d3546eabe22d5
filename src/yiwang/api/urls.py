from django.urls import path

from yiwang.api.views import api
from yiwang.api.worker import router

api.add_router("", router)

urlpatterns = [path("", api.urls)]
