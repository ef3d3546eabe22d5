from django.urls import URLPattern, URLResolver, path

from yiwang.register.access import views

app_name = "access"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.appointment_list, name="appointment-list"),
    path("new/", views.appointment_new, name="appointment-new"),
    path("recusals/", views.recusal_list, name="recusal-list"),
    path("recusals/<slug:public_id>/end/", views.recusal_end, name="recusal-end"),
    path("recover/", views.account_recover, name="account-recover"),
    path("<slug:public_id>/", views.appointment_detail, name="appointment-detail"),
    path("<slug:public_id>/confirm/", views.appointment_confirm, name="appointment-confirm"),
    path("<slug:public_id>/decline/", views.appointment_decline, name="appointment-decline"),
    path("<slug:public_id>/end/", views.appointment_end, name="appointment-end"),
]
