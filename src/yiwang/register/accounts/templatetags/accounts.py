"""What the list of devices shows of a session."""

from allauth.usersessions.models import UserSession
from django import template
from django.utils.translation import gettext as _

from yiwang.register.accounts.queries import device_name, session_mark

register = template.Library()


@register.filter
def device(session: UserSession) -> str:
    return device_name(session.user_agent) or _("不认识的设备")


@register.filter
def mark(session: UserSession) -> str:
    return session_mark(session.session_key)
