from django.apps import AppConfig


class BallotsConfig(AppConfig):
    name = "yiwang.platform.ballots"
    label = "ballots"
