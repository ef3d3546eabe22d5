from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class ServiceUnavailable(DomainError):
    code = "service_unavailable"

    def __init__(self, code: str) -> None:
        super().__init__(_("现在没有在办的事项“{code}”。请从办事列表里重新选，或打12351问。").format(code=code))


class DefinitionHasProblems(DomainError):
    code = "definition_has_problems"

    def __init__(self, service: object, *, fields: dict[str, str]) -> None:
        text = _("“{service}”还不能送审：有{count}处要改，见问题清单。")
        super().__init__(text.format(service=service, count=len(fields)), fields=fields)


class DrafterMayNotPublish(DomainError):
    code = "drafter_may_not_publish"

    def __init__(self, service: object) -> None:
        text = _("“{service}”是你写的，不能由你自己发布。请本级另一位有发布权的同事来审。")
        super().__init__(text.format(service=service))


class NotEditable(DomainError):
    code = "not_editable"

    def __init__(self, service: object) -> None:
        text = _("“{service}”的这一版已经送审或发布，不能再改。要改，请先新开一版。")
        super().__init__(text.format(service=service))


class DraftExists(DomainError):
    code = "draft_exists"

    def __init__(self, service: object) -> None:
        super().__init__(_("“{service}”已有一份没发布的草稿，请接着改那一份。").format(service=service))


class CodeTaken(DomainError):
    code = "code_taken"

    def __init__(self, code: str) -> None:
        text = _("编码“{code}”已经有事项在用，请换一个。")
        super().__init__(text.format(code=code), fields={"code": text.format(code=code)})


class EditedMeanwhile(DomainError):
    code = "edited_meanwhile"

    def __init__(self, service: object) -> None:
        text = _("别人刚改过“{service}”。你填的还在下面，请先看看新的内容，再存一次。")
        super().__init__(text.format(service=service))


class NotSubmitted(DomainError):
    code = "not_submitted"

    def __init__(self, service: object) -> None:
        super().__init__(_("“{service}”还没有送审。请先让写的人送审，再来发布。").format(service=service))
