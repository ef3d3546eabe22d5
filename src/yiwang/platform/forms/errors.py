from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class DraftGone(DomainError):
    """The draft was handed in or thrown away, perhaps in another window, while this page stood open."""

    code = "draft_gone"

    def __init__(self) -> None:
        super().__init__(_("这份草稿已经交了，或者已经删了。请到“我的事”里看看。"))
