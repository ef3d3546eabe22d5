from django.urls import URLPattern, URLResolver, path

from yiwang.platform.files import views

app_name = "files"

urlpatterns: list[URLPattern | URLResolver] = [
    path("upload/<slug:subject>/<str:place>/<slug:kind>/", views.document_upload, name="document-upload"),
    path("<str:public_id>/", views.document_open, name="document-open"),
    path("<str:public_id>/thumb/", views.document_thumb, name="document-thumb"),
    path("<str:public_id>/remove/", views.document_remove, name="document-remove"),
]
