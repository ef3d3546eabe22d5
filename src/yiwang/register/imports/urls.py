from django.urls import URLPattern, URLResolver, path

from yiwang.register.imports import views

app_name = "imports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/membership/sources/", views.own_sources, name="own-sources"),
    path("work/imports/", views.batch_list, name="batch-list"),
    path("work/imports/template.xlsx", views.template_download, name="template-download"),
    path("work/imports/organisations/", views.batch_list, {"kind": "organisations"}, name="body-list"),
    path(
        "work/imports/organisations/template.xlsx",
        views.template_download,
        {"kind": "organisations"},
        name="body-template",
    ),
    path("work/imports/organisations/<str:public_id>/", views.body_origins, name="body-origins"),
    path("work/imports/people/<str:public_id>/", views.person_sources, name="person-sources"),
    path("work/imports/<str:public_id>/", views.batch_detail, name="batch-detail"),
    path("work/imports/<str:public_id>/refused.xlsx", views.batch_refused, name="batch-refused"),
    path("work/imports/<str:public_id>/apply/", views.batch_apply, name="batch-apply"),
    path("work/imports/<str:public_id>/match/", views.batch_match, name="batch-match"),
    path("work/imports/<str:public_id>/undo/", views.batch_undo, name="batch-undo"),
    path("work/imports/<str:public_id>/discard/", views.batch_discard, name="batch-discard"),
]
