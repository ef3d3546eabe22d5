from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "yiwang.grassroots.joining"
    label = "joining"
