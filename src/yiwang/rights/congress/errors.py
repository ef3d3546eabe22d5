"""Why a congress can't go on, and what to do."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class NotReady(DomainError):
    """Something is missing or wrong; ``fields`` says where."""

    code = "congress_not_ready"

    def __init__(self, *problems: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(" ".join(problems), fields=dict(fields or {}))
        self.problems = list(problems)


class NoQuorum(DomainError):
    code = "no_quorum"

    def __init__(self, *, present: int, entitled: int, needed: int) -> None:
        text = _("应到{entitled}人，现在到会{present}人，要到{needed}人才能表决。请等人到齐再来。")
        super().__init__(text.format(entitled=entitled, present=present, needed=needed))


class BadCount(DomainError):
    code = "congress_bad_count"


class NotADelegate(DomainError):
    code = "not_a_delegate"

    def __init__(self) -> None:
        super().__init__(_("你不是这届的代表，不能签到和表决。有疑问请找会务组。"))


class WrongCode(DomainError):
    code = "wrong_check_in_code"

    def __init__(self) -> None:
        super().__init__(_("签到码不对，或者这次会还没到签到的时候。请看会场大屏上的六位数。"))


class NotPresent(DomainError):
    code = "not_present"

    def __init__(self) -> None:
        super().__init__(_("先签到，再发言、表决。"))


class TooEarly(DomainError):
    code = "too_early_to_close"


class UnsoundArchive(DomainError):
    """The archive was altered; ``words`` are the library's, naming the record."""

    code = "unsound_archive"

    def __init__(self, words: str) -> None:
        super().__init__(_("这份档案被改过，或者不完整：{words}").format(words=words))
