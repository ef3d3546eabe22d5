from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "yiwang.net.cases"
    label = "cases"
