from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class ListGone(DomainError):
    """Between the click and the job, the list stopped being theirs."""

    code = "list_gone"

    def __init__(self) -> None:
        super().__init__(_("这张表现在不归你看了，没有导出。要是弄错了，请管授权的人看一看。"))
