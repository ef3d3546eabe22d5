"""Why an appointment, a log, a training or an evaluation is refused, and what to do instead."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class Unfit(DomainError):
    """Everything that stands against it, at once."""

    code = "unfit"

    def __init__(self, problems: Sequence[object]) -> None:
        self.problems = [str(problem) for problem in problems]
        super().__init__(" ".join(self.problems))


class BadEntry(DomainError):
    code = "bad_entry"

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text, fields={field: text})


class Gone(DomainError):
    code = "cadre_gone"

    def __init__(self, cadre: object) -> None:
        super().__init__(_("{cadre}已经离任，不能再办这一步。要重新聘任请重新提名。").format(cadre=cadre))


class Elected(DomainError):
    code = "cadre_elected"

    def __init__(self) -> None:
        text = _("主席、副主席、委员由选举产生，不能提名聘任。请先办选举，再用批复文号登记。")
        super().__init__(text, fields={"post": text})


class FullTimeElsewhere(DomainError):
    code = "full_time_elsewhere"

    def __init__(self, organisation: object) -> None:
        text = _("这个人已经在“{organisation}”全职，一个人只能在一个工会全职。").format(organisation=organisation)
        super().__init__(text, fields={"is_full_time": text})


class SamePerson(DomainError):
    code = "same_person"

    def __init__(self, text: str) -> None:
        super().__init__(text)


class OneselfOrKin(DomainError):
    """Evaluation by oneself or by a relative."""

    code = "oneself_or_kin"

    def __init__(self) -> None:
        super().__init__(_("不能考核自己或者近亲属。请换一个人打分。"))


class TooManyExcellent(DomainError):
    code = "too_many_excellent"

    def __init__(self, *, percent: int, people: int, most: int) -> None:
        text = _("优秀最多占{percent}%：这支队伍{people}人，最多{most}人。请退回重评。")
        super().__init__(text.format(percent=percent, people=people, most=most))


class NoticeStands(DomainError):
    code = "notice_stands"

    def __init__(self, text: str) -> None:
        super().__init__(text)
