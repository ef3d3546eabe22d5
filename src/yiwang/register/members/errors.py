"""Why a person can't be registered, bound or enrolled, and what to do instead."""

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class IdentityConflict(DomainError):
    """The number is on file under another name (D2): somebody must compare with the document."""

    code = "identity_conflict"

    def __init__(self) -> None:
        text = _("这个证件号码已经登记在另一个姓名下。请核对证件；没有写错的话，请县（市、区）总工会核实。")
        super().__init__(text, fields={"id_number": _("姓名和号码对不上。")})


class ContradictsIdentity(DomainError):
    code = "contradicts_identity"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields={field: message})


class CannotBind(DomainError):
    """One sentence for every reason, so that nobody can ask us who is on file."""

    code = "cannot_bind"

    def __init__(self) -> None:
        text = _("姓名、证件号码和手机号没有对上，没有实名成功。请检查后再试；还是不行，请带证件到所在工会当面办。")
        super().__init__(text)


class TooManyAttempts(DomainError):
    code = "too_many_attempts"

    def __init__(self) -> None:
        super().__init__(_("今天试的次数太多了。请明天再试，或者带证件到所在工会当面办。"))


class AlreadyBound(DomainError):
    code = "already_bound"

    def __init__(self) -> None:
        super().__init__(_("这个账号已经实名了。"))


class AlreadyMember(DomainError):
    """One active membership at a time (D1): offer the transfer."""

    code = "already_member"

    def __init__(self) -> None:
        super().__init__(_("这个人已经有会籍了。换了单位请办会籍转接，不用重新入会。"))


class HoldsNoMembers(DomainError):
    code = "holds_no_members"

    def __init__(self, organisation: object) -> None:
        text = _("“{organisation}”不直接接收会员。请选基层工会、村（社区）工会或联合会。")
        super().__init__(text.format(organisation=organisation), fields={"organisation": _("请换一个工会。")})


class TooYoung(DomainError):
    code = "too_young"

    def __init__(self, age: int) -> None:
        super().__init__(_("满{age}周岁才能入会。").format(age=age))


class BadDay(DomainError):
    code = "membership_bad_day"

    def __init__(self, message: str) -> None:
        super().__init__(message, fields={"on": message})


class SameOrganisation(DomainError):
    code = "same_organisation"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("会籍已经在“{organisation}”了，不用转。").format(organisation=organisation))


class IsOwnUnion(DomainError):
    code = "is_own_union"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("会籍就在“{organisation}”，不用再登记第二归属。").format(organisation=organisation))


class NotAMember(DomainError):
    code = "not_a_member"

    def __init__(self) -> None:
        super().__init__(_("先要有会籍，才能登记第二归属。"))


class AlreadyAffiliated(DomainError):
    code = "already_affiliated"

    def __init__(self, organisation: object) -> None:
        super().__init__(_("已经是“{organisation}”的服务对象了。").format(organisation=organisation))


class CannotMerge(DomainError):
    code = "cannot_merge"

    def __init__(self, why: str) -> None:
        super().__init__(why)


class UndoTooLate(DomainError):
    code = "undo_too_late"

    def __init__(self, until: object) -> None:
        super().__init__(_("合并只能在{until}以前撤销。").format(until=until))


class NotInGroup(DomainError):
    code = "not_in_group"

    def __init__(self) -> None:
        text = _("小组长要是这个小组的在册会员。请先把他编进小组。")
        super().__init__(text, fields={"leader": text})


class DecideWithReason(DomainError):
    code = "decide_with_reason"

    def __init__(self) -> None:
        text = _("请写明为什么这样定。")
        super().__init__(text, fields={"reason": text})


class NothingToRelease(DomainError):
    code = "nothing_to_release"

    def __init__(self) -> None:
        super().__init__(_("这样筛下来一个人也没有。请回到名单换个条件。"))


class TooManyToRelease(DomainError):
    code = "too_many_to_release"

    def __init__(self, most: int) -> None:
        text = _("一份带完整号码的名册最多{most}人。请加条件，只要用得着的人。")
        super().__init__(text.format(most=f"{most:,}"))


class ReleaseNeedsAnotherPerson(DomainError):
    code = "release_needs_another_person"

    def __init__(self) -> None:
        super().__init__(_("自己提的，要由另一个人批准。"))


class ReleaseNotYours(DomainError):
    """Rights changed between asking and making."""

    code = "release_not_yours"

    def __init__(self, organisation: object) -> None:
        text = _("提出的人现在看不了“{organisation}”的完整号码，没有做文件。")
        super().__init__(text.format(organisation=organisation))


class NotOnTheOtherSide(DomainError):
    """Settled since, or the membership is gone: there is nothing to move there."""

    code = "not_on_the_other_side"

    def __init__(self, side: object) -> None:
        super().__init__(_("会籍或记录已经有变化，现在转不到“{side}”。请刷新后再看。").format(side=side))


class AgreementMissing(DomainError):
    code = "agreement_missing"

    def __init__(self) -> None:
        text = _("派遣工在用工单位入会，要有两家工会的委托协议。请填协议编号。")
        super().__init__(text, fields={"agreement": text})


class SignsInWithIt(DomainError):
    code = "signs_in_with_it"

    def __init__(self, person: object) -> None:
        text = _("{person}正在用这个手机号登录，号码应当留给本人。").format(person=person)
        super().__init__(text, fields={"keep": text})
