from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NoRoll(DomainError):
    code = "no_roll"

    def __init__(self) -> None:
        super().__init__(_("还没有名册：请发码人先交来投票码的公开部分，再开始投票。"))


class KeysMissing(DomainError):
    code = "keys_missing"

    def __init__(self) -> None:
        super().__init__(_("还有共管人没有做好钥匙，不能开始投票。"))


class RollDiffers(DomainError):
    code = "roll_differs"

    def __init__(self, *, codes: int, voters: int) -> None:
        text = _("发码人交来{codes}个投票码，名册上有{voters}人，对不上。请发码人重做。")
        super().__init__(text.format(codes=codes, voters=voters))


class NotOpenYet(DomainError):
    code = "not_open_yet"

    def __init__(self) -> None:
        super().__init__(_("还没有开始投票。请等主持人宣布。"))


class ClosedAlready(DomainError):
    code = "closed_already"

    def __init__(self) -> None:
        super().__init__(_("投票已经截止，这张票没有收。"))


class BadBallot(DomainError):
    """The ballot is not sound; ``reason`` is the library's code for it."""

    code = "bad_ballot"

    def __init__(self, reason: str) -> None:
        sentences = {
            "foreign_credential": _("这个投票码不在名册上。请向发码人核对。"),
            "bad_proof": _("这张票的证明不成立，已从票箱取出，不计。请换一台设备，或用现场设备再投一次。"),
            "other_election": _("这张票是别的表决的，或者表决内容已经变了。请刷新页面重投。"),
        }
        super().__init__(sentences.get(reason, _("这张票不合规定，没有收。请刷新页面重投；再不行，请用现场设备投。")))
        self.reason = reason


class BadKey(DomainError):
    code = "bad_key"

    def __init__(self, reason: str) -> None:
        super().__init__(_("这份钥匙材料没有通过检验，没有收。请这位共管人重做。"))
        self.reason = reason


class BadShare(DomainError):
    code = "bad_share"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(_("{name}交来的解密材料不是用其钥匙做的，没有收。").format(name=name))
        self.reason = reason


class SharesMissing(DomainError):
    code = "shares_missing"

    def __init__(self) -> None:
        super().__init__(_("到场的共管人还不够，打不开结果。"))


class WrongStep(DomainError):
    code = "wrong_step"

    def __init__(self) -> None:
        super().__init__(_("现在不到这一步。请刷新页面，看看它现在能做什么。"))


class BeingJudged(DomainError):
    code = "being_judged"

    def __init__(self) -> None:
        super().__init__(_("正在验一份档案，一次只验一份。请过半分钟再点。"))
