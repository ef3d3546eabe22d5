from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NotMasked(DomainError):
    """Something in the rows tells who it is."""

    code = "not_masked"

    def __init__(self, what: str) -> None:
        super().__init__(_("公示里有“{what}”，会让人认出是谁。请只写遮住的姓名、单位、类别和人数。").format(what=what))


class NoticeOver(DomainError):
    code = "notice_over"

    def __init__(self) -> None:
        super().__init__(_("公示已经结束。还有意见，可以打12351。"))


class ObjectedAlready(DomainError):
    code = "objected_already"

    def __init__(self) -> None:
        super().__init__(_("你的意见已经收到，正在核查。"))


class WordsMissing(DomainError):
    code = "words_missing"

    def __init__(self, field: str) -> None:
        text = _("请写清楚：别人要靠它去核查。")
        super().__init__(text, fields={field: text})


class ObjectionsOpen(DomainError):
    code = "objections_open"

    def __init__(self) -> None:
        super().__init__(_("还有意见没有核查完，公示不能结束。"))


class OwnObjection(DomainError):
    code = "own_objection"

    def __init__(self) -> None:
        super().__init__(_("这条意见是你自己提的，请交给别人核查。"))
