"""The pages that belong to no single app, by who opens them."""

from yiwang.portal.views.delegates import act_for, delegate_end, delegate_new, delegates
from yiwang.portal.views.draws import draw_detail, draw_list
from yiwang.portal.views.figures import parameter, parameter_list, parameter_proposal, word_decide, word_list
from yiwang.portal.views.staff import journal, keys, system, today, work
from yiwang.portal.views.worker import demo, help_page, home, looks, my_data, nearby, profile, search

__all__ = [
    "act_for",
    "delegate_end",
    "delegate_new",
    "delegates",
    "demo",
    "draw_detail",
    "draw_list",
    "help_page",
    "home",
    "journal",
    "keys",
    "looks",
    "my_data",
    "nearby",
    "parameter",
    "parameter_list",
    "parameter_proposal",
    "profile",
    "search",
    "system",
    "today",
    "word_decide",
    "word_list",
    "work",
]
