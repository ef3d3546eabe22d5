from django.urls import URLPattern, URLResolver, path

from yiwang.platform.ui import views

app_name = "ui"

urlpatterns: list[URLPattern | URLResolver] = [
    path("elder/", views.elder, name="elder"),
    path("columns/", views.columns, name="columns"),
    path("language/", views.language, name="language"),
]
