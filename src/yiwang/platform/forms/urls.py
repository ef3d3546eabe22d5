from django.urls import URLPattern, URLResolver, path

from yiwang.platform.forms import views

app_name = "forms"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:public_id>/discard/", views.draft_discard, name="draft-discard"),
    path("<str:public_id>/<slug:step>/save/", views.draft_save, name="draft-save"),
]
