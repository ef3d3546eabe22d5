from django.urls import URLPattern, URLResolver, path

from yiwang.net.notices import views

app_name = "notices"

urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", views.robots, name="robots"),
    path("notices/", views.notice_list, name="notice-list"),
    path("notices/<slug:public_id>/", views.notice_detail, name="notice-detail"),
    path("notices/<slug:public_id>/object/", views.notice_object, name="notice-object"),
    path("work/notices/", views.desk_list, name="desk-list"),
    path("work/notices/<slug:public_id>/", views.desk_detail, name="desk-detail"),
    path("work/notices/<slug:public_id>/withdraw/", views.desk_withdraw, name="desk-withdraw"),
    path("work/notices/objections/<slug:public_id>/", views.objection_answer, name="objection-answer"),
]
