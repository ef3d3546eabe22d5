import datetime as dt

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.formats import day_text


class FileExists(DomainError):
    """One household, one file."""

    code = "file_exists"

    def __init__(self, name: str, where: str) -> None:
        text = _("{name}已经在{where}的一份档案里。一户只建一份档案，请合并或转接。")
        super().__init__(text.format(name=name, where=where))


class BadFact(DomainError):
    """``field`` is the form's field the sentence belongs to."""

    code = "bad_fact"

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text, fields={field: text} if field else {})


class FactsFixed(DomainError):
    code = "facts_fixed"

    def __init__(self, state: object) -> None:
        super().__init__(_("档案现在是“{state}”，资料不能改。要改，先开始复核。").format(state=state))


class NotAuthorised(DomainError):
    code = "not_authorised"

    def __init__(self, names: str) -> None:
        super().__init__(_("还没有签核对授权的成年人：{names}。签了才能核对。").format(names=names))


class NotSigned(DomainError):
    code = "not_signed"

    def __init__(self) -> None:
        super().__init__(_("申请书和核对授权书都要当面签字，才能往下走。"))


class TwoVisitors(DomainError):
    code = "two_visitors"

    def __init__(self) -> None:
        text = _("入户要两个人去，请写上同去的人。")
        super().__init__(text, fields={"second": text})


class FindingsOpen(DomainError):
    code = "findings_open"

    def __init__(self, n: int) -> None:
        super().__init__(_("还有{n}条核对信号没有处理。信号不会自动拒绝谁，但要有人看过。").format(n=n))


class WordsNeeded(DomainError):
    code = "words_needed"

    def __init__(self, field: str = "reason") -> None:
        text = _("请写明理由，本人会看到。")
        super().__init__(text, fields={field: text})


class NoticeFirst(DomainError):
    code = "notice_first"

    def __init__(self) -> None:
        super().__init__(_("还没有公示期满，不能决定。"))


class FactsChanged(DomainError):
    code = "facts_changed"

    def __init__(self) -> None:
        super().__init__(_("测算以后资料改过，要重新测算再审批。"))


class WrongPerson(DomainError):
    code = "wrong_person"

    def __init__(self) -> None:
        super().__init__(_("入户的人和测算的人不能审批这一户，请交给别人。"))


class WrongLevel(DomainError):
    code = "wrong_level"

    def __init__(self, level: object) -> None:
        super().__init__(_("这一步要{level}，你现在的职务不够。").format(level=level))


class FundMissing(DomainError):
    code = "fund_missing"

    def __init__(self, item: object) -> None:
        super().__init__(_("请选“{item}”用哪笔资金。").format(item=item))


class NotYetDue(DomainError):
    code = "not_yet_due"

    def __init__(self, months: int) -> None:
        super().__init__(_("还没有连续{months}个月高于标准，不能按脱困退档。").format(months=months))


class CalledToday(DomainError):
    code = "called_today"

    def __init__(self) -> None:
        super().__init__(_("今天已经记过给这户打的电话了，记的在页面上。"))


class NotWatched(DomainError):
    """Calls are for households that left their file, while they are watched."""

    code = "not_watched"

    def __init__(self) -> None:
        super().__init__(_("这户现在没有要打的回访。"))


class AppealTooLate(DomainError):
    code = "appeal_too_late"

    def __init__(self, until: dt.date) -> None:
        text = _("复核要在{day}前申请，已经过了。可以打12351，或有新情况时重新申请。")
        super().__init__(text.format(day=day_text(until)))


class AppealedBefore(DomainError):
    code = "appealed_before"

    def __init__(self) -> None:
        super().__init__(_("这个决定已经申请过复核，不用再交。"))


class NothingAppealed(DomainError):
    code = "nothing_appealed"

    def __init__(self) -> None:
        super().__init__(_("没有等着答复的复核申请。"))


class OutreachOver(DomainError):
    code = "outreach_over"

    def __init__(self) -> None:
        super().__init__(_("这一户已经有了结果，不用再记。"))


class SupplementOpen(DomainError):
    code = "supplement_open"

    def __init__(self, number: str) -> None:
        super().__init__(_("申请{number}还在等本人补材料，补交后再决定。").format(number=number))


class NothingToDraw(DomainError):
    code = "nothing_to_draw"

    def __init__(self) -> None:
        super().__init__(_("上次抽查以后，还没有新建的档案。今天新建的，明天起可以抽。"))


class CheckedBefore(DomainError):
    code = "checked_before"

    def __init__(self) -> None:
        super().__init__(_("这一户已经看过了，看的结果在页面上。"))


class ReferredBefore(DomainError):
    code = "referred_before"

    def __init__(self, to: object) -> None:
        super().__init__(_("已经转过{to}，民政还没有答复。").format(to=to))


class NothingReferred(DomainError):
    code = "nothing_referred"

    def __init__(self) -> None:
        super().__init__(_("没有等着民政答复的转介。"))


class UnknownFiles(DomainError):
    code = "unknown_files"

    def __init__(self, lines: str) -> None:
        text = _("这些行没有看懂，或者不是你这里的档案：{lines}。一行都没有记。").format(lines=lines)
        super().__init__(text, fields={"numbers": text})
