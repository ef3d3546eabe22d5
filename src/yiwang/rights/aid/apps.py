from django.apps import AppConfig

from yiwang.net.payments.registry import register_source


class AidConfig(AppConfig):
    name = "yiwang.rights.aid"
    label = "aid"

    def ready(self) -> None:
        from yiwang.rights.aid.queries import doubts_about_grants  # noqa: PLC0415 -- needs settings first

        register_source("aid.grant", doubts_about_grants)
