from django.apps import AppConfig

from yiwang.platform.counters.registry import register_recount
from yiwang.register.organisations.counting import RECOUNTS


class OrganisationsConfig(AppConfig):
    name = "yiwang.register.organisations"
    label = "organisations"

    def ready(self) -> None:
        for name, rows in RECOUNTS.items():
            register_recount(name, rows)
