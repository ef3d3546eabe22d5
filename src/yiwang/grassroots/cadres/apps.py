from django.apps import AppConfig


class CadresConfig(AppConfig):
    name = "yiwang.grassroots.cadres"
    label = "cadres"
