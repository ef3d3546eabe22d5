from django.urls import URLPattern, URLResolver, path

from yiwang.insight import views

app_name = "insight"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="overview"),
    path("<slug:public_id>/", views.overview, name="overview-of"),
]
