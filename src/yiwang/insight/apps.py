from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "yiwang.insight"
    label = "insight"
