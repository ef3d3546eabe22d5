from django.apps import AppConfig

from yiwang.net.cases.registry import Wing, register_wing
from yiwang.net.payments.registry import register_source

SERVICES = ("HP-0001", "HP-0002")


class AidConfig(AppConfig):
    name = "yiwang.rights.aid"
    label = "aid"

    def ready(self) -> None:
        from yiwang.rights.aid.queries import (  # noqa: PLC0415 -- needs settings first
            desk_url,
            doubts_about_grants,
            own_url,
        )

        register_source("aid.grant", doubts_about_grants)
        register_wing(SERVICES, Wing(desk=desk_url, own=own_url))
