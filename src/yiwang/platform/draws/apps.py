from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "yiwang.platform.draws"
    label = "draws"
