"""Why a programme or a place says no."""

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class ProgrammeFull(DomainError):
    code = "programme_full"

    def __init__(self, name: object) -> None:
        super().__init__(_("“{name}”的名额已经用完。可以先列为候补，或请领导增加名额。").format(name=name))


class ShareFull(DomainError):
    code = "share_full"

    def __init__(self, body: object) -> None:
        super().__init__(_("分给{body}的名额已经用完。").format(body=body))


class ProgrammeSpent(DomainError):
    code = "programme_spent"

    def __init__(self, left: str) -> None:
        super().__init__(_("项目预算只剩{left}，不够这一笔。请先调整预算。").format(left=left))


class NotTaking(DomainError):
    code = "programme_not_taking"

    def __init__(self, name: object) -> None:
        super().__init__(_("“{name}”现在不收人：还没开始，或者已经截止。").format(name=name))


class BadProgramme(DomainError):
    """``field`` is the form's field the sentence belongs to."""

    code = "bad_programme"

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text, fields={field: text})


class AlreadyIn(DomainError):
    code = "already_in_programme"

    def __init__(self, name: str) -> None:
        super().__init__(_("{name}已经在这个项目里了。").format(name=name))


class DoublesOpen(DomainError):
    code = "doubles_open"

    def __init__(self, n: int) -> None:
        super().__init__(_("还有{n}条“可能重复”没有人看过。它们不会自动拒绝谁，但要有人处理。").format(n=n))


class RulesSayNo(DomainError):
    code = "rules_say_no"

    def __init__(self) -> None:
        super().__init__(_("按规则还不能批准：有条件没对上，或者还缺情况。请补齐，或者写明理由不予批准。"))


class DrawDecides(DomainError):
    code = "draw_decides"

    def __init__(self) -> None:
        super().__init__(_("这个项目由抽签决定，不能一个一个批。"))


class NotWaiting(DomainError):
    code = "nobody_waits"

    def __init__(self) -> None:
        super().__init__(_("没有候补的人，或者没有空出来的名额。"))


class UnknownName(DomainError):
    code = "unknown_name"

    def __init__(self, names: str) -> None:
        text = _("这些行没有找到，或者不止一个同名的人：{names}。请在姓名后面加空格，写手机号后四位。").format(
            names=names
        )
        super().__init__(text, fields={"names": text})


class NothingOwed(DomainError):
    code = "nothing_owed"

    def __init__(self) -> None:
        super().__init__(_("没有等着交互助费的人。"))


class PremiumPaid(DomainError):
    code = "premium_paid"

    def __init__(self) -> None:
        super().__init__(_("互助费已经交了，保障正在生效，不能退出这一期。"))
