from django.urls import URLPattern, URLResolver, path

from yiwang.grassroots.cadres.views import evaluations, leading, logs, own, people, workers

app_name = "cadres"

urlpatterns: list[URLPattern | URLResolver] = [
    path("officers/", workers.officers, name="officer-list"),
    path("work/cadres/", people.cadre_list, name="cadre-list"),
    path("work/cadres/new/", people.cadre_new, name="cadre-new"),
    path("work/cadres/mine/", own.own_day, name="own-day"),
    path("work/cadres/mine/log/", own.log_new, name="log-new"),
    path("work/cadres/mine/card/", own.card, name="own-card"),
    path("work/cadres/mine/training/", own.training_new, name="training-new"),
    path("work/cadres/mine/ledger/", own.ledger_edit, name="own-ledger"),
    path("work/cadres/mine/ledger/<str:public_id>/", own.ledger_edit, name="ledger-edit"),
    path("work/cadres/mine/tasks/<str:public_id>/finish/", own.task_finish, name="task-finish"),
    path("work/cadres/logs/", logs.log_list, name="log-list"),
    path("work/cadres/logs/<str:public_id>/", logs.log_detail, name="log-detail"),
    path("work/cadres/load/", leading.load, name="load"),
    path("work/cadres/posts/", leading.posts, name="post-list"),
    path("work/cadres/figures/", leading.indicator_list, name="indicator-list"),
    path("work/cadres/figures/<slug:key>/", leading.indicator_rows, name="indicator-rows"),
    path("work/cadres/papers/<slug:kind>/<slug:form>/", leading.paper, name="paper"),
    path("work/cadres/tasks/<str:public_id>/do/<slug:act>/", people.task_act, name="task-act"),
    path("work/cadres/trainings/<str:public_id>/do/<slug:act>/", people.training_act, name="training-act"),
    path("work/cadres/evaluations/<str:public_id>/", evaluations.evaluation_detail, name="evaluation-detail"),
    path("work/cadres/evaluations/<str:public_id>/do/<slug:act>/", evaluations.evaluation_act, name="evaluation-act"),
    path("work/cadres/<str:public_id>/", people.cadre_detail, name="cadre-detail"),
    path("work/cadres/<str:public_id>/do/<slug:act>/", people.cadre_act, name="cadre-act"),
    path("work/cadres/<str:public_id>/areas/<str:area>/end/", people.area_end, name="area-end"),
    path("work/cadres/<str:public_id>/evaluate/", evaluations.evaluation_new, name="evaluation-new"),
]
