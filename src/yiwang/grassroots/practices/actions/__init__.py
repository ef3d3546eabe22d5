"""The only writers of practices, adoptions and promotions."""

from yiwang.grassroots.practices.actions.spreading import (
    begin_adoption,
    end_promotion,
    promote,
    report_adoption,
    stop_adoption,
    sweep_reports,
)
from yiwang.grassroots.practices.actions.telling import edit, give_back, send_up, show, tell, withdraw

__all__ = [
    "begin_adoption",
    "edit",
    "end_promotion",
    "give_back",
    "promote",
    "report_adoption",
    "send_up",
    "show",
    "stop_adoption",
    "sweep_reports",
    "tell",
    "withdraw",
]
