from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "yiwang.platform.forms"
    label = "forms"
