from django.apps import AppConfig


class CongressConfig(AppConfig):
    name = "yiwang.rights.congress"
    label = "congress"
