"""Money on its way: funds, what is owed to whom, batches, their lines, and what the bank answered."""

from yiwang.net.payments.models.batch import AnswerFile, Batch, Line
from yiwang.net.payments.models.fund import Fund, FundEntry, Item
from yiwang.net.payments.models.payment import Account, Payment

__all__ = ["Account", "AnswerFile", "Batch", "Fund", "FundEntry", "Item", "Line", "Payment"]
