from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "yiwang.platform.notify"
    label = "notify"
