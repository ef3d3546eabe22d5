from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "yiwang.platform.journal"
    label = "journal"
