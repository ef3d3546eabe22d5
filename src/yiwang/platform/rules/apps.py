from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "yiwang.platform.rules"
    label = "rules"
