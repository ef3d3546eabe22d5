from django.apps import AppConfig

from yiwang.net.cases.registry import Wing, register_wing
from yiwang.net.catalogue.registry import register_facts_of
from yiwang.net.payments.registry import register_source

SERVICES = ("HP-0001", "HP-0002")


class AidConfig(AppConfig):
    name = "yiwang.rights.aid"
    label = "aid"

    def ready(self) -> None:
        from yiwang.rights.aid.kinds import ENTERING  # noqa: PLC0415 -- needs settings first
        from yiwang.rights.aid.queries import (  # noqa: PLC0415 -- needs settings first
            desk_url,
            doubts_about_grants,
            hardship_facts,
            own_url,
        )
        from yiwang.rights.aid.queries_programmes import (  # noqa: PLC0415 -- needs settings first
            doubts_about_places,
            place_desk_url,
            place_own_url,
        )

        register_source("aid.grant", doubts_about_grants)
        register_facts_of("aid", hardship_facts)
        register_source("aid.place", doubts_about_places)
        register_wing(SERVICES, Wing(desk=desk_url, own=own_url))
        register_wing(ENTERING, Wing(desk=place_desk_url, own=place_own_url))
