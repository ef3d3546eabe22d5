from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NotYoursToGive(DomainError):
    code = "not_yours_to_give"

    def __init__(self, role: str) -> None:
        text = _("你不能任免“{role}”。请上级工会或安全保密管理员来办。")
        super().__init__(text.format(role=role))


class OutsideYourScope(DomainError):
    code = "outside_your_scope"

    def __init__(self, organisation: object) -> None:
        text = _("“{organisation}”不在你管的范围里。请管它的上级工会来办。")
        super().__init__(text.format(organisation=organisation))


class NotOneself(DomainError):
    code = "not_oneself"

    def __init__(self) -> None:
        super().__init__(_("不能任免自己。请另一位有任命权的同事来办。"))


class NeedsAnotherPerson(DomainError):
    code = "needs_another_person"

    def __init__(self) -> None:
        super().__init__(_("任命和确认要由两个人做。请另一位有任命权的同事来确认。"))


class RoleNotAtThisLevel(DomainError):
    code = "role_not_at_this_level"

    def __init__(self, *, role: str, organisation: object) -> None:
        text = _("“{organisation}”这一级没有“{role}”这个职务。请换一个职务，或者换一级工会。")
        super().__init__(text.format(role=role, organisation=organisation))


class AppointmentsClash(DomainError):
    code = "appointments_clash"


class AlreadySetUp(DomainError):
    code = "already_set_up"

    def __init__(self) -> None:
        super().__init__(_("已经有安全保密管理员了。以后的任命请在“任职”页面上做。"))


class WrongCode(DomainError):
    code = "wrong_code"

    def __init__(self, left: int) -> None:
        if left > 0:
            text = _("验证码不对，还可以试{left}次。").format(left=left)
        else:
            text = _("验证码错了太多次，这一条作废了。请重新发起。")
        super().__init__(text, fields={"code": text})


class CodeExpired(DomainError):
    code = "code_expired"

    def __init__(self) -> None:
        super().__init__(_("验证码过期了。请重新发起，让本人再收一次短信。"))


class MandateTooLong(DomainError):
    code = "mandate_too_long"

    def __init__(self, days: int) -> None:
        text = _("一次委托最长{days}天，最后一天要在今天之后。").format(days=days)
        super().__init__(text, fields={"valid_until": text})


class PurposeMissing(DomainError):
    code = "purpose_missing"

    def __init__(self) -> None:
        text = _("请写明为什么要看完整号码，本人会看到这句话。")
        super().__init__(text, fields={"purpose": text})


class NotTheFirst(DomainError):
    code = "not_the_first"

    def __init__(self) -> None:
        super().__init__(_("这里已经有人任职了。新的任职请在工作台的“任职与权限”里办。"))


class NotYourself(DomainError):
    code = "not_yourself"

    def __init__(self) -> None:
        text = _("这是你自己的号码。请填替你办事的人的手机号。")
        super().__init__(text, fields={"phone": text})
