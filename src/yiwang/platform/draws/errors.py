import datetime as dt

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class TooEarly(DomainError):
    code = "draw_too_early"

    def __init__(self, on: dt.date) -> None:
        super().__init__(_("{day}那天的公开随机数还没有出来，到那天再开签。").format(day=f"{on:%Y-%m-%d}"))


class NotAhead(DomainError):
    code = "draw_not_ahead"

    def __init__(self) -> None:
        text = _("开签要在名单公布以后：请选以后的日子。")
        super().__init__(text, fields={"draws_on": text})


class NothingToDraw(DomainError):
    code = "nothing_to_draw"

    def __init__(self) -> None:
        super().__init__(_("没有人报名，不用抽签。"))


class WordsMissing(DomainError):
    """``field`` is the form's field the sentence belongs to."""

    code = "draw_words_missing"

    def __init__(self, field: str) -> None:
        text = _("请写上这一项，大家会看到。")
        super().__init__(text, fields={field: text})
