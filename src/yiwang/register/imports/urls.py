from django.urls import URLPattern, URLResolver, path

from yiwang.register.imports import views

app_name = "imports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.batch_list, name="batch-list"),
    path("template.xlsx", views.template_download, name="template-download"),
    path("organisations/", views.batch_list, {"kind": "organisations"}, name="body-list"),
    path("organisations/template.xlsx", views.template_download, {"kind": "organisations"}, name="body-template"),
    path("organisations/<str:public_id>/", views.body_origins, name="body-origins"),
    path("<str:public_id>/", views.batch_detail, name="batch-detail"),
    path("<str:public_id>/refused.xlsx", views.batch_refused, name="batch-refused"),
    path("<str:public_id>/apply/", views.batch_apply, name="batch-apply"),
    path("<str:public_id>/match/", views.batch_match, name="batch-match"),
    path("<str:public_id>/undo/", views.batch_undo, name="batch-undo"),
    path("<str:public_id>/discard/", views.batch_discard, name="batch-discard"),
]
