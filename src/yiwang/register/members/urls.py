from django.urls import URLPattern, URLResolver, path

from yiwang.register.members import views

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/identity/", views.person_bind, name="person-bind"),
    path("work/members/", views.member_list, name="member-list"),
    path("work/members/<str:public_id>/", views.person_detail, name="person-detail"),
    path("work/members/<str:public_id>/reveal/", views.person_reveal, name="person-reveal"),
]
