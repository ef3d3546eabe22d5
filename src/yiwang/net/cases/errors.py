"""Why the case line refuses, and what to do instead."""

import datetime as dt

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError
from yiwang.platform.ui.formats import plain_day_text


class NobodyCanReceive(DomainError):
    """No union body of the line has an officer for this."""

    code = "nobody_can_receive"

    def __init__(self, title: str) -> None:
        text = _("“{title}”暂时没有工会能接：你那里到省里都没有人担任这项工作。请打12351，我们马上安排人。")
        super().__init__(text.format(title=title))


class NoApplicant(DomainError):
    code = "no_applicant"

    def __init__(self) -> None:
        super().__init__(_("请写明申请人，或至少留一个能找到他的手机号。"))


class ServiceNotOpen(DomainError):
    code = "service_not_open"

    def __init__(self, title: str) -> None:
        text = _("“{title}”现在不接受申请。你填的都存着；请看办事指南写的开放时间，或打12351。")
        super().__init__(text.format(title=title))


class KeyOfSomebodyElse(DomainError):
    code = "key_taken"

    def __init__(self) -> None:
        super().__init__(_("这次提交的编号已被别的申请用过。请回到填表的第一步再提交一次，你填的都还在。"))


class NotFromHere(DomainError):
    """A local service, asked for by somebody who neither works nor lives there."""

    code = "not_from_here"

    def __init__(self, title: str, body: str) -> None:
        text = _(
            "“{title}”是{body}给在当地上班或居住的人办的，你填的地方不在那里。地方填错了就回去改；不知道该找谁就打12351。"
        )
        super().__init__(text.format(title=title, body=body))


class NothingWanted(DomainError):
    """Every part of a bundle was left out."""

    code = "nothing_wanted"

    def __init__(self) -> None:
        super().__init__(_("一件都没选。请回到前面，至少选一件要办的。"))


class MandateMissing(DomainError):
    code = "mandate_missing"

    def __init__(self, name: str) -> None:
        text = _("替{name}办事，要先有本人的同意。请先让本人用短信确认委托。")
        super().__init__(text.format(name=name))


class AskedBefore(DomainError):
    code = "asked_before"

    def __init__(self) -> None:
        text = _("缺的材料只能一次说全，这件已经要过一次。只有出现新情况，并由另一位同事同意，才能再要。")
        super().__init__(text)


class NothingAsked(DomainError):
    code = "nothing_asked"

    def __init__(self) -> None:
        super().__init__(_("请写明缺哪几样、为什么要，至少一样。"))


class EmptyAnswer(DomainError):
    code = "empty_answer"

    def __init__(self) -> None:
        super().__init__(_("还没有补上任何材料。请拍照上传，或写一句说明。"))


class ExtendedBefore(DomainError):
    code = "extended_before"

    def __init__(self) -> None:
        super().__init__(_("期限只能延长一次，这件已经延过。请尽快办结，或写明原因报上级。"))


class ExtensionTooLong(DomainError):
    code = "extension_too_long"

    def __init__(self, *, most: int, unit: str, because: str) -> None:
        if because == "legal":
            text = _("最多还能延{most}{unit}：再长就超过法定时限了。").format(most=most, unit=unit)
        else:
            text = _("最多能延{most}{unit}：不超过承诺时限的一半。").format(most=most, unit=unit)
        super().__init__(text, fields={"amount": text})


class ReasonMissing(DomainError):
    code = "reason_missing"

    def __init__(self, field: str = "reason") -> None:
        text = _("请写明理由：申请人和上级都会看到。")
        super().__init__(text, fields={field: text})


class SamePerson(DomainError):
    code = "same_person"

    def __init__(self) -> None:
        super().__init__(_("这一步要由另一个人来做：经手过前面环节的人不能自己拍板。请交给有审批职务的同事。"))


class HasInterest(DomainError):
    code = "has_interest"

    def __init__(self, name: str) -> None:
        super().__init__(_("{name}和这件事有关联，要回避，不能经办。请换一位。").format(name=name))


class NotTheirTurn(DomainError):
    code = "not_their_turn"

    def __init__(self, step: str) -> None:
        super().__init__(_("现在是“{step}”这一环节，还没到出结果的时候。请先办完这一环节。").format(step=step))


class TooManyHops(DomainError):
    code = "too_many_hops"

    def __init__(self, most: int) -> None:
        text = _("这件已经转过{most}次，首接单位要负责到底，不能再转。确实办不了，请上级指定。")
        super().__init__(text.format(most=most))


class Designated(DomainError):
    code = "designated"

    def __init__(self) -> None:
        super().__init__(_("这件是上级指定办理的，不能退回或再转。有困难请写在内部备注里，请上级协调。"))


class NotOnTheLine(DomainError):
    code = "not_on_the_line"

    def __init__(self, organisation: str) -> None:
        text = _("{organisation}接不了这件：它不在同一条线上，或者那里没有人担任这项工作。请另选一个。")
        super().__init__(text.format(organisation=organisation), fields={"organisation": text})


class ObjectionTooLate(DomainError):
    code = "objection_too_late"

    def __init__(self, limit: int) -> None:
        text = _("收到后{limit}个工作日内才能退回，现在已经过了。请继续办理，或请上级指定。")
        super().__init__(text.format(limit=limit))


class UrgedJustNow(DomainError):
    code = "urged_just_now"

    def __init__(self, again_on: dt.date) -> None:
        text = _("你刚催过，经办人已经收到。{day}以后还没有进展，可以再催一次。")
        super().__init__(text.format(day=plain_day_text(again_on)))


class TooLateToAppeal(DomainError):
    code = "too_late_to_appeal"

    def __init__(self, until: dt.date) -> None:
        text = _("申请复核的期限到{day}为止，已经过了。你可以重新提交一次申请，或打12351。")
        super().__init__(text.format(day=plain_day_text(until)))


class AlreadyAppealed(DomainError):
    code = "already_appealed"

    def __init__(self) -> None:
        super().__init__(_("这个结果已经申请过复核，请等上级答复。"))


class CannotMerge(DomainError):
    code = "cannot_merge"

    def __init__(self) -> None:
        super().__init__(_("只有同一个人、同一事项、都还没办完的两件才能合并。"))


class NotSuperior(DomainError):
    code = "not_superior"

    def __init__(self) -> None:
        super().__init__(_("只有作出结果的工会的上级，才能撤销它。"))
