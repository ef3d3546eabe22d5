from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class BadSheet(DomainError):
    """A file that can't be read as a spreadsheet of ours. ``reason`` is stable for machines."""

    code = "bad_sheet"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class RowsInTheWay(DomainError):
    """Some rows can't be imported, and nobody said to import the others without them."""

    code = "rows_in_the_way"

    def __init__(self, count: int) -> None:
        text = _("有{count}行不能导入，所以什么都没有写。请改好表格再传，或者选“只导入没有问题的行”。")
        super().__init__(text.format(count=count))


class NothingToApply(DomainError):
    """The register already says all that the file says."""

    code = "nothing_to_apply"

    def __init__(self) -> None:
        super().__init__(_("名册里已经都是这样了，没有要写的。"))


class UndoTooLate(DomainError):
    """The time in which an import can be taken back is over."""

    code = "undo_too_late"

    def __init__(self, days: int) -> None:
        super().__init__(_("导入超过{days}天，不能整批撤回了。请到会员页面逐个更正。").format(days=days))


class UnknownBatch(DomainError):
    """No import of that number."""

    code = "unknown_batch"

    def __init__(self, public_id: str) -> None:
        super().__init__(_("没有编号为{number}的导入。").format(number=public_id))
