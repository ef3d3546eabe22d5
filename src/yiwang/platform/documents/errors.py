from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.kernel.errors import DomainError


class BadNumberPrefix(DomainError):
    code = "bad_number_prefix"

    def __init__(self, prefix: str) -> None:
        text = _("“{prefix}”不能作发文字号的代字：要1到10个汉字，例如“昆工助”。请在单位资料里改。")
        super().__init__(text.format(prefix=prefix))


class NumbersExhausted(DomainError):
    code = "numbers_exhausted"

    def __init__(self, prefix: str, year: int) -> None:
        text = _("“{prefix}”{year}年的发文字号已经编到9999，编不下去了。请换一个代字。")
        super().__init__(text.format(prefix=prefix, year=year))


class LetterIncomplete(DomainError):
    """A letter without its facts is not sent: ``missing`` are the keys it still needs."""

    code = "letter_incomplete"

    def __init__(self, title: str, missing: list[str]) -> None:
        text = _("《{title}》还缺这些内容，不能出：{missing}。")
        super().__init__(text.format(title=title, missing=pgettext("between facts", "、").join(missing)))
        self.missing = missing
