"""What the keepers of everyday words are refused."""

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NeedsAnotherPublisher(DomainError):
    code = "needs_another_publisher"

    def __init__(self) -> None:
        super().__init__(_("提出和发布要由两个人做。请另一位同事来发布。"))


class WordWaits(DomainError):
    code = "word_waits"

    def __init__(self) -> None:
        text = _("这个说法已经有一个修改在等发布。先发布或不采用那一个，再提新的。")
        super().__init__(text, fields={"word": text})


class LeadsNowhere(DomainError):
    code = "leads_nowhere"

    def __init__(self) -> None:
        text = _("请填事项编号或规范说法。")
        super().__init__(text, fields={"codes": text})
