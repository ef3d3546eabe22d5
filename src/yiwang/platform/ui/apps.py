from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "yiwang.platform.ui"
    label = "ui"
