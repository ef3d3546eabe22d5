from django.urls import URLPattern, URLResolver, path

from yiwang.grassroots.practices.views import desk, trying

app_name = "practices"

urlpatterns: list[URLPattern | URLResolver] = [
    path("practices/", trying.shown_list, name="shown-list"),
    path("practices/<str:public_id>/", trying.shown_detail, name="shown-detail"),
    path("work/practices/", desk.practice_list, name="practice-list"),
    path("work/practices/new/", desk.practice_new, name="practice-new"),
    path("work/practices/map/", desk.practice_map, name="map"),
    path("work/practices/adoptions/<str:public_id>/report/", trying.adoption_report, name="adoption-report"),
    path("work/practices/adoptions/<str:public_id>/stop/", trying.adoption_stop, name="adoption-stop"),
    path("work/practices/<str:public_id>/", desk.practice_detail, name="practice-detail"),
    path("work/practices/<str:public_id>/edit/", desk.practice_edit, name="practice-edit"),
    path("work/practices/<str:public_id>/map/", desk.practice_map, name="map-of"),
    path("work/practices/<str:public_id>/do/<slug:act>/", desk.practice_act, name="practice-act"),
]
