from django.urls import URLPattern, URLResolver, path

from yiwang.net.evaluation import views

app_name = "evaluation"

urlpatterns: list[URLPattern | URLResolver] = [
    path("matters/<str:number>/rate/", views.rate, name="rate"),
    path("work/evaluations/", views.queue, name="queue"),
    path("work/evaluations/<slug:review>/", views.bad_review, name="bad-review"),
    path("work/evaluations/<slug:review>/do/<slug:act>/", views.bad_review_act, name="bad-review-act"),
]
