from django.apps import AppConfig


class FoundingConfig(AppConfig):
    name = "yiwang.grassroots.founding"
    label = "founding"
