from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yiwang.net.notices"
    label = "notices"
