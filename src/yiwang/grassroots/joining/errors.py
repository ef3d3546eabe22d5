"""Why somebody can't join by this code, be admitted or be let go, and what to do instead."""

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class CodeClosed(DomainError):
    code = "code_closed"

    def __init__(self) -> None:
        super().__init__(_("这个入会码停用了。可以在“办事”里网上入会，或者请工会给一个新码。"))


class CodeFull(DomainError):
    code = "code_full"

    def __init__(self) -> None:
        super().__init__(_("这个码的人数满了。可以在“办事”里网上入会，一样审核。"))


class TooManyFromDevice(DomainError):
    code = "too_many_from_device"

    def __init__(self, most: int) -> None:
        super().__init__(_("这部手机今天已经申请了{n}个人。请明天再来，或者请工会集中登记。").format(n=most))


class MemberAlready(DomainError):
    code = "member_already"

    def __init__(self, organisation: object) -> None:
        super().__init__(
            _("你已经是“{organisation}”的会员，不用重新入会。换了单位请办会籍转接。").format(organisation=organisation)
        )


class AskedAlready(DomainError):
    code = "asked_already"

    def __init__(self) -> None:
        super().__init__(_("你的入会申请正在审核，不用再交一次。"))


class BadCampaign(DomainError):
    code = "bad_campaign"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text, fields={field: text})


class NotYours(DomainError):
    """The next step is somebody else's."""

    code = "not_yours"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("这一步由“{organisation}”办。").format(organisation=organisation))


class NoPerson(DomainError):
    code = "no_person"

    def __init__(self) -> None:
        text = _("还不知道他的证件号码。请核对证件，把姓名和证件号码填上再批准。")
        super().__init__(text, fields={"id_number": text})


class GroundMissing(DomainError):
    code = "ground_missing"

    def __init__(self) -> None:
        text = _("不同意转出只能是这三种情况之一，请选一种并写明。")
        super().__init__(text, fields={"ground": text})


class NobodyAbove(DomainError):
    code = "nobody_above"

    def __init__(self) -> None:
        super().__init__(_("两个工会的共同上级没有人能定，请打12351。"))
