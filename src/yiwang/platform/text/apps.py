from django.apps import AppConfig


class TextConfig(AppConfig):
    name = "yiwang.platform.text"
    label = "text"
