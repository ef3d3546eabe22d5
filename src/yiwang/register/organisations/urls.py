from django.urls import URLPattern, URLResolver, path

from yiwang.register.organisations.views import care, coverage, directory

app_name = "organisations"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", directory.organisation_search, name="organisation-search"),
    path("tree/", directory.organisation_tree, name="organisation-tree"),
    path("tree/<str:public_id>/", directory.organisation_branches, name="organisation-branches"),
    path("changes/", care.change_list, name="change-list"),
    path("changes/<str:public_id>/", care.change_detail, name="change-detail"),
    path("changes/<str:public_id>/do/<slug:act>/", care.change_act, name="change-act"),
    path("changes/<str:public_id>/settled/<slug:task>/", care.closing_task, name="closing-task"),
    path("<str:public_id>/", directory.organisation_detail, name="organisation-detail"),
    path("<str:public_id>/edit/", directory.organisation_edit, name="organisation-edit"),
    path("<str:public_id>/overview/", coverage.organisation_overview, name="organisation-overview"),
    path("<str:public_id>/gaps/", coverage.gap_list, name="gap-list"),
    path("<str:public_id>/health/<slug:key>/", coverage.health_list, name="health-list"),
    path("<str:public_id>/three/", coverage.three_list, name="three-list"),
    path("<str:public_id>/employers/", coverage.employers_import, name="employers-import"),
    path("<str:public_id>/day/", coverage.organisation_on, name="organisation-on"),
    path("<str:public_id>/care/", care.organisation_care, name="organisation-care"),
    path("<str:public_id>/care/ask/<slug:kind>/", care.change_new, name="change-new"),
    path("<str:public_id>/care/do/<slug:act>/", care.care_act, name="care-act"),
]
