from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "yiwang.grassroots.practices"
    label = "practices"
