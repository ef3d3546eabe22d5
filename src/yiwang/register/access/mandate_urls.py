"""Acting for somebody: pages that workers and officers share, so they stand outside /work/."""

from django.urls import URLPattern, URLResolver, path

from yiwang.register.access import views

app_name = "mandates"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.mandate_list, name="mandate-list"),
    path("<slug:public_id>/code/", views.mandate_confirm, name="mandate-confirm"),
    path("<slug:public_id>/end/", views.mandate_end, name="mandate-end"),
]
