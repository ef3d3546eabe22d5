from django.urls import URLPattern, URLResolver, path

from yiwang.platform.ui import views

app_name = "ui"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("elder/", views.elder, name="elder"),
    path("language/", views.language, name="language"),
    path("columns/", views.columns, name="columns"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
    path("print/", views.print_form, name="print"),
    path("ask/", views.ask, name="ask"),
    path("echo/", views.echo, name="echo"),
    path("org-search/", views.org_search, name="org-search"),
    path("errors/<int:code>/", views.error, name="error"),
    path("parts/<slug:key>/", views.part, name="part"),
]
