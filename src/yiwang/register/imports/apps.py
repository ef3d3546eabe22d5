from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "yiwang.register.imports"
    label = "imports"
