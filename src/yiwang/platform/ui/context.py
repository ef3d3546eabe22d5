"""What the base templates need beside the page's own context."""

from typing import Any

from django.http import HttpRequest

from yiwang.platform.ui.modes import is_elder


def ui(request: HttpRequest) -> dict[str, Any]:
    return {"elder": is_elder(request)}
