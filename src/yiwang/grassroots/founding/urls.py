from django.urls import URLPattern, URLResolver, path

from yiwang.grassroots.founding.views import procedures, unions

app_name = "founding"

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/founding/", procedures.procedure_list, name="procedure-list"),
    path("work/founding/new/", procedures.procedure_new, name="procedure-new"),
    path("work/founding/terms/", unions.term_list, name="term-list"),
    path("work/founding/papers/<str:public_id>/<slug:form>/", procedures.paper_file, name="paper-file"),
    path("work/founding/unions/<str:public_id>/", unions.union_detail, name="union-detail"),
    path("work/founding/unions/<str:public_id>/do/<slug:act>/", unions.union_act, name="union-act"),
    path("work/founding/unions/<str:public_id>/do/<slug:act>/<str:item>/", unions.union_act, name="union-act-item"),
    path("work/founding/handovers/<str:public_id>/", unions.handover_detail, name="handover-detail"),
    path("work/founding/<str:public_id>/", procedures.procedure_detail, name="procedure-detail"),
    path("work/founding/<str:public_id>/do/<slug:act>/", procedures.procedure_act, name="procedure-act"),
    path(
        "work/founding/<str:public_id>/candidates/<str:candidate>/drop/",
        procedures.candidate_drop,
        name="candidate-drop",
    ),
]
