"""Why a body can't be founded, moved, renamed or closed, and what to do instead."""

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NameTaken(DomainError):
    code = "organisation_name_taken"

    def __init__(self, name: str, parent: object | None) -> None:
        text = _("“{parent}”下面已经有“{name}”了。请换一个名称，或者直接用已有的那个。")
        super().__init__(text.format(name=name, parent=parent or _("最上一级")), fields={"name": _("名称重复。")})


class BadName(DomainError):
    code = "organisation_bad_name"


class NotAllowedThere(DomainError):
    code = "organisation_not_allowed_there"

    def __init__(self, *, kind: str, parent_kind: str | None) -> None:
        if parent_kind is None:
            text = _("“{kind}”不能没有上级工会。请先选一个上级。").format(kind=kind)
        else:
            text = _("“{parent}”下面不能建“{kind}”。请换一个上级工会，或者换一种类型。")
            text = text.format(kind=kind, parent=parent_kind)
        super().__init__(text)


class MovesIntoItself(DomainError):
    code = "organisation_moves_into_itself"

    def __init__(self, organisation: object) -> None:
        text = _("“{organisation}”不能移到自己或自己的下级下面。请选别的上级工会。")
        super().__init__(text.format(organisation=organisation))


class IsGone(DomainError):
    code = "organisation_is_gone"

    def __init__(self, organisation: object) -> None:
        text = _("“{organisation}”已经撤销或合并，不能再改。").format(organisation=organisation)
        super().__init__(text)


class StillHasBodies(DomainError):
    code = "organisation_still_has_bodies"

    def __init__(self, organisation: object, count: int) -> None:
        text = _("“{organisation}”下面还有{count}个工会，不能撤销。请先把它们移走或撤销。")
        super().__init__(text.format(organisation=organisation, count=count))


class BadDay(DomainError):
    code = "organisation_bad_day"

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"on": message})


class EmployerTaken(DomainError):
    code = "employer_taken"

    def __init__(self, employer: object, organisation: object) -> None:
        text = _("“{employer}”已经有自己的工会：{organisation}。一个单位只能有一个本单位工会。")
        super().__init__(text.format(employer=employer, organisation=organisation))


class UnreadableFile(DomainError):
    """The file as a whole can't be read; nothing was written."""

    code = "organisations_unreadable_file"


class StillHasMembers(DomainError):
    code = "organisation_still_has_members"

    def __init__(self, organisation: object, count: int) -> None:
        text = _("“{organisation}”还有{count}名会员没有转走或保留会籍，不能撤销。")
        super().__init__(text.format(organisation=organisation, count=count))


class NotSettled(DomainError):
    code = "organisation_not_settled"

    def __init__(self, tasks: list[str]) -> None:
        super().__init__(_("还有{count}项没有办完：{tasks}。").format(count=len(tasks), tasks="、".join(tasks)))


class SamePerson(DomainError):
    code = "tree_change_same_person"

    def __init__(self) -> None:
        super().__init__(_("提出变更的人不能自己审批，请换一位审批人。"))


class AlreadyAsked(DomainError):
    code = "tree_change_already_asked"

    def __init__(self) -> None:
        super().__init__(_("这个工会已经有一项同样的变更在办，请先办完或撤回那一项。"))


class WrongTarget(DomainError):
    code = "tree_change_wrong_target"


class EmployerNotCovered(DomainError):
    code = "employer_not_covered"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("选的单位里有“{organisation}”没有覆盖的。").format(organisation=organisation))
