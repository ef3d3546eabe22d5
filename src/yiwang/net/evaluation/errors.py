from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NotYetDecided(DomainError):
    code = "not_yet_decided"

    def __init__(self) -> None:
        super().__init__(_("这件事还没有结果，等有了结果再评。"))


class RatedBefore(DomainError):
    code = "rated_before"

    def __init__(self) -> None:
        super().__init__(_("这件事你已经评过了。有新的意见，可以在这件事里留言，或打12351。"))


class RatedFromStaffDevice(DomainError):
    code = "staff_device"

    def __init__(self) -> None:
        super().__init__(_("这台设备登录过工作人员账号，不能在上面评价。请用你自己的手机评。"))


class ScoreMissing(DomainError):
    code = "score_missing"

    def __init__(self) -> None:
        text = _("请选一个最接近你感受的，也可以不评。")
        super().__init__(text, fields={"score": text})


class RatedMayNotHandle(DomainError):
    code = "rated_may_not_handle"

    def __init__(self, name: str) -> None:
        text = _("{name}办过这件事，不能处理对它的差评。请交给别人。")
        super().__init__(text.format(name=name), fields={"to": text.format(name=name)})


class CannotHandleHere(DomainError):
    code = "cannot_handle_here"

    def __init__(self, name: str) -> None:
        text = _("{name}没有处理评价的职务，请另选一位。")
        super().__init__(text.format(name=name), fields={"to": text.format(name=name)})


class WordsMissing(DomainError):
    code = "words_missing"

    def __init__(self, field: str) -> None:
        text = _("请写明情况：上级和质检会看到。")
        super().__init__(text, fields={field: text})


class CallFirst(DomainError):
    code = "call_first"

    def __init__(self) -> None:
        super().__init__(_("还没有回访。留了联系方式的差评，要先回访本人再结束。"))


class RectifyFirst(DomainError):
    code = "rectify_first"

    def __init__(self) -> None:
        super().__init__(_("反映的情况属实或部分属实，要先整改再回访。"))
