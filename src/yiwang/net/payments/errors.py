from django.utils.translation import gettext as _

from yiwang.kernel.errors import DomainError


class FundSpent(DomainError):
    """The budget does not reach."""

    code = "fund_spent"

    def __init__(self, fund: object, free: str, needed: str) -> None:
        text = _("“{fund}”还能用{free}元，这一批要{needed}元。请减少笔数，或先调整预算。")
        super().__init__(text.format(fund=fund, free=free, needed=needed))


class FundClosedNow(DomainError):
    code = "fund_closed"

    def __init__(self, fund: object) -> None:
        super().__init__(_("“{fund}”已经关账，不能再用。").format(fund=fund))


class FundHasOpenBatches(DomainError):
    code = "fund_has_open_batches"

    def __init__(self, fund: object) -> None:
        super().__init__(_("“{fund}”还有没对平的批次，先对平再关账。").format(fund=fund))


class ItemNotAllowed(DomainError):
    code = "item_not_allowed"

    def __init__(self, fund: object, item: object) -> None:
        super().__init__(_("“{fund}”不能用于“{item}”。").format(fund=fund, item=item))


class BudgetTooSmall(DomainError):
    code = "budget_too_small"

    def __init__(self, used: str) -> None:
        text = _("已经支出和锁定了{used}元，预算不能比这还少。").format(used=used)
        super().__init__(text, fields={"budget": text})


class BadAccount(DomainError):
    """The number can't be an account."""

    code = "bad_account"

    def __init__(self) -> None:
        text = _("账号要写12到24位数字，这个号码不对。请对着卡再看一遍。")
        super().__init__(text, fields={"number": text})


class BadBankCode(DomainError):
    code = "bad_bank_code"

    def __init__(self) -> None:
        text = _("银行行号是12位数字。")
        super().__init__(text, fields={"bank_code": text})


class HolderDiffers(DomainError):
    code = "holder_differs"

    def __init__(self, holder: str, name: str) -> None:
        text = _("户名是“{holder}”，收款人是“{name}”，对不上。只能打到本人的账户；监护人或遗属代收，请注明并附证明。")
        text = text.format(holder=holder, name=name)
        super().__init__(text, fields={"holder_name": text})


class ProofMissing(DomainError):
    code = "proof_missing"

    def __init__(self) -> None:
        text = _("代收要写明凭什么证明，例如户口簿、监护公证书。")
        super().__init__(text, fields={"proof": text})


class AccountOfAnother(DomainError):
    code = "account_of_another"

    def __init__(self) -> None:
        text = _("这个账户登记在别人名下，不能用。请核对账号；如果是对方登记错了，请让对方先更正。")
        super().__init__(text, fields={"number": text})


class TellingPurpose(DomainError):
    code = "telling_purpose"

    def __init__(self, word: str) -> None:
        super().__init__(_("用途里有“{word}”，会在银行流水上泄露收款人的难处。请换个说法。").format(word=word))


class AskedDifferently(DomainError):
    """The same record asks again for something else."""

    code = "asked_differently"

    def __init__(self) -> None:
        super().__init__(_("这一笔已经登记过，金额或收款人和上次不一样。请先取消原来的一笔。"))


class BadSum(DomainError):
    code = "bad_sum"

    def __init__(self) -> None:
        super().__init__(_("金额要大于0，精确到分。"))


class NothingReady(DomainError):
    code = "nothing_ready"

    def __init__(self) -> None:
        super().__init__(_("这笔资金、这个项目现在没有待发放的款项。"))


class EmptyBatch(DomainError):
    code = "empty_batch"

    def __init__(self) -> None:
        super().__init__(_("这个批次里没有能发的款项了，请取消批次。"))


class SamePerson(DomainError):
    """Maker, checker and payer are three people."""

    code = "same_person"

    def __init__(self) -> None:
        super().__init__(_("制批、审批、付款要由三个人分别做，这一步请交给别人。"))


class FileAltered(DomainError):
    code = "file_altered"

    def __init__(self) -> None:
        text = _("批次里的明细和发送时的文件对不上，不能再下载。请马上告诉系统管理员和经审。")
        super().__init__(text)


class BadAnswer(DomainError):
    """The answer file as a whole can't be taken; nothing of it is."""

    code = "bad_answer"

    def __init__(self, text: str) -> None:
        super().__init__(text, fields={"file": text})


class AnswerNotExpected(DomainError):
    code = "answer_not_expected"

    def __init__(self) -> None:
        super().__init__(_("这个批次现在不等回执。"))


class NotYetAnswered(DomainError):
    code = "not_yet_answered"

    def __init__(self, waiting: int) -> None:
        super().__init__(_("还有{n}笔没有回执，不能对平。请向银行要齐回执。").format(n=waiting))


class AnswerUnsettled(DomainError):
    code = "answer_unsettled"

    def __init__(self) -> None:
        super().__init__(_("回执里还有对不上的行没有处理，先写明处理结果。"))


class SumsDiffer(DomainError):
    code = "sums_differ"

    def __init__(self, sent: str, answered: str) -> None:
        text = _("送出{sent}元，回执合计{answered}元，对不上，不能对平。")
        super().__init__(text.format(sent=sent, answered=answered))


class TooManyAttempts(DomainError):
    code = "too_many_attempts"

    def __init__(self, most: int) -> None:
        super().__init__(_("已经重发{n}次，不再自动发。请联系本人，改由人工处理。").format(n=most))


class WordsNeeded(DomainError):
    code = "words_needed"

    def __init__(self, field: str = "reason") -> None:
        text = _("请写明原因，经审会看到。")
        super().__init__(text, fields={field: text})


class InBatch(DomainError):
    code = "in_batch"

    def __init__(self) -> None:
        super().__init__(_("这笔已经在批次里。先取消批次，再处理这一笔。"))


class StillFilling(DomainError):
    code = "still_filling"

    def __init__(self) -> None:
        super().__init__(_("这个批次还在装入付款。等装完，或先停下装入，再来。"))


class StillTaking(DomainError):
    code = "still_taking"

    def __init__(self) -> None:
        super().__init__(_("回执还没有记完。等记完再来；停下了的，把同一个回执文件再导入一次，会接着记。"))
