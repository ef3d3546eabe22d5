from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class DemoOnly(DomainError):
    code = "demo_only"

    def __init__(self) -> None:
        super().__init__(_("这一页只在演示环境的本机上有。"))


class PhoneTaken(DomainError):
    code = "phone_taken"

    def __init__(self) -> None:
        text = _("这个手机号已经有账号了。请换一个号码，或者先注销那个账号。")
        super().__init__(text, fields={"phone": text})


class EvidenceMissing(DomainError):
    code = "evidence_missing"

    def __init__(self) -> None:
        text = _("请写明核对了什么证件、材料存在哪里。")
        super().__init__(text, fields={"evidence": text})
