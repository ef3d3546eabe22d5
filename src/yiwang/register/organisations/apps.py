from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "yiwang.register.organisations"
    label = "organisations"
