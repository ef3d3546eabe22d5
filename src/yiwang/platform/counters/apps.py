from django.apps import AppConfig


class CountersConfig(AppConfig):
    name = "yiwang.platform.counters"
    label = "counters"
