from django.urls import URLPattern, URLResolver, path

from yiwang.register.organisations import views

app_name = "organisations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.organisation_search, name="organisation-search"),
    path("tree/", views.organisation_tree, name="organisation-tree"),
    path("tree/<str:public_id>/", views.organisation_branches, name="organisation-branches"),
    path("<str:public_id>/", views.organisation_detail, name="organisation-detail"),
    path("<str:public_id>/edit/", views.organisation_edit, name="organisation-edit"),
]
