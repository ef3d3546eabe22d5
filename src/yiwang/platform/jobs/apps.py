from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "yiwang.platform.jobs"
    label = "jobs"
