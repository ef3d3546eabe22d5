from django.urls import URLPattern, URLResolver, path

from yiwang.register.members.views import care, desk, own, releases

app_name = "members"

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/identity/", desk.person_bind, name="person-bind"),
    path("me/membership/", own.membership, name="membership"),
    path("me/membership/edit/<slug:part>/", own.membership_edit, name="membership-edit"),
    path("me/membership/photo/", own.membership_photo, name="membership-photo"),
    path("me/membership/second/<str:public_id>/end/", own.affiliation_end, name="affiliation-end"),
    path("me/groups/<str:public_id>/", own.own_group, name="own-group"),
    path("me/card/", own.card, name="card"),
    path("card/<str:code>/", own.card_check, name="card-check"),
    path("work/members/", desk.member_list, name="member-list"),
    path("work/members/conflicts/", care.conflict_list, name="conflict-list"),
    path("work/members/conflicts/<str:public_id>/", care.conflict_detail, name="conflict-detail"),
    path("work/members/conflicts/<str:public_id>/merge/", care.conflict_merge, name="conflict-merge"),
    path("work/members/conflicts/<str:public_id>/do/<slug:act>/", care.conflict_act, name="conflict-act"),
    path("work/members/merges/<str:public_id>/undo/", care.merge_undo, name="merge-undo"),
    path("work/members/quality/<str:public_id>/", care.quality_page, name="quality"),
    path("work/members/groups/<str:public_id>/", care.group_list, name="group-list"),
    path("work/members/groups/one/<str:public_id>/", care.group_detail, name="group-detail"),
    path("work/members/releases/", releases.release_list, name="release-list"),
    path("work/members/releases/new/", releases.release_new, name="release-new"),
    path("work/members/releases/<str:public_id>/", releases.release_detail, name="release-detail"),
    path("work/members/releases/<str:public_id>/decide/", releases.release_decide, name="release-decide"),
    path("work/members/releases/<str:public_id>/withdraw/", releases.release_withdraw, name="release-withdraw"),
    path("work/members/releases/<str:public_id>/file/", releases.release_file, name="release-file"),
    path("work/members/<str:public_id>/", desk.person_detail, name="person-detail"),
    path("work/members/<str:public_id>/edit/", desk.person_edit, name="person-edit"),
    path("work/members/<str:public_id>/standing/", desk.person_standing, name="person-standing"),
    path("work/members/<str:public_id>/reveal/", desk.person_reveal, name="person-reveal"),
]
