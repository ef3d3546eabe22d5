from django.urls import URLPattern, URLResolver, path

from yiwang.platform.notify import views

app_name = "notify"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.message_list, name="message-list"),
    path("read-all/", views.message_read_all, name="message-read-all"),
    path("<str:public_id>/", views.message_open, name="message-open"),
]
