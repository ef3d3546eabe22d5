from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "yiwang.register.members"
    label = "members"
