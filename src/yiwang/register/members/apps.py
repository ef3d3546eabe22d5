from django.apps import AppConfig

from yiwang.platform.counters.registry import register_recount
from yiwang.register.members.counting import RECOUNTS


class MembersConfig(AppConfig):
    name = "yiwang.register.members"
    label = "members"

    def ready(self) -> None:
        for name, rows in RECOUNTS.items():
            register_recount(name, rows)
