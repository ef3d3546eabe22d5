"""What the web server loads: the site, warmed up before the first request comes.

``config.wsgi`` stays cold for tests and tools; ``yiwang run`` starts every worker process from here.
"""

import gc

import structlog
from django.db import Error, connections
from django.urls import get_resolver

from config.wsgi import application
from yiwang.kernel.clock import today
from yiwang.net.cases.queries.limits import plan_of
from yiwang.net.catalogue.queries import entitlements, published
from yiwang.platform.ballots.library import machine
from yiwang.platform.rules import queries as rules

__all__ = ["application"]

CALM = (10_000, 20, 20)  # a page makes some thousands of objects; most requests then see no collection at all


def warm() -> None:
    """Load every view, read the rules and parse the services. Without a database the first request does it instead."""
    views = len(get_resolver().url_patterns)
    try:
        rules.warm()
        offered = list(published())
        forms = sum(len(plan_of(version).form.steps) for version in offered)
        entitlements({}, today(), versions=offered)
        structlog.get_logger(__name__).info("warm", views=views, services=len(offered), form_steps=forms)
    except Error as trouble:
        structlog.get_logger(__name__).warning("not_warmed", trouble=str(trouble))
    finally:
        connections.close_all()
    # What is loaded by now stays: the collector need not walk it again in the middle of somebody's request.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*CALM)


machine.leave_out()
warm()
