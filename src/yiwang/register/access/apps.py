from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "yiwang.register.access"
    label = "access"
