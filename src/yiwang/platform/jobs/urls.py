from django.urls import URLPattern, URLResolver, path

from yiwang.platform.jobs import views

app_name = "jobs"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.run_list, name="run-list"),
    path("<str:public_id>/", views.run_detail, name="run-detail"),
    path("<str:public_id>/failures.csv", views.run_failures, name="run-failures"),
    path("<str:public_id>/cancel/", views.run_cancel, name="run-cancel"),
]
