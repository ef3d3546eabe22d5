from django.urls import URLPattern, URLResolver, path

from yiwang.portal import views

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("nearby/", views.nearby, name="nearby"),
    path("draws/", views.draw_list, name="draw-list"),
    path("draws/<slug:public_id>/", views.draw_detail, name="draw-detail"),
    path("help/", views.help_page, name="help"),
    path("me/", views.profile, name="profile"),
    path("me/looks/", views.looks, name="looks"),
    path("me/data/", views.my_data, name="my-data"),
    path("me/delegates/", views.delegates, name="delegates"),
    path("me/delegates/new/", views.delegate_new, name="delegate-new"),
    path("me/delegates/<slug:public_id>/end/", views.delegate_end, name="delegate-end"),
    path("me/act-for/", views.act_for, name="act-for"),
    path("demo/", views.demo, name="demo"),
    path("work/start/", views.work, name="work"),
    path("work/today/", views.today, name="today"),
    path("work/keys/", views.keys, name="keys"),
    path("work/journal/", views.journal, name="journal"),
    path("work/parameters/", views.parameter_list, name="parameter-list"),
    path("work/parameters/proposals/<slug:public_id>/", views.parameter_proposal, name="parameter-proposal"),
    path("work/parameters/<str:name>/", views.parameter, name="parameter"),
    path("work/words/", views.word_list, name="word-list"),
    path("work/words/<slug:public_id>/", views.word_decide, name="word-decide"),
    path("work/system/", views.system, name="system"),
]
