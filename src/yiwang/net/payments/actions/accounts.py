"""Keeping the account that somebody's money goes to."""

import datetime as dt

from django.db import IntegrityError, transaction

from yiwang.kernel import clock
from yiwang.kernel.crypto import blind_index
from yiwang.net.payments.errors import AccountOfAnother, BadAccount, BadBankCode, HolderDiffers, ProofMissing
from yiwang.net.payments.events import AccountKept
from yiwang.net.payments.formulas import is_account, is_bank_code, plain_number, same_name
from yiwang.net.payments.models import Account
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Person

Holder = Account.Holder


@transaction.atomic
def keep_account(
    person: Person,
    *,
    number: str,
    holder_name: str,
    by: User | None,
    holder: str = Holder.SELF,
    kind: str = Account.Kind.SOCIAL_CARD,
    bank_name: str = "",
    bank_code: str = "",
    proof: str = "",
    now: dt.datetime | None = None,
) -> Account:
    """The account from now on. The same one again changes nothing; another replaces the one before."""
    number, bank_code = plain_number(number), plain_number(bank_code)
    _check(person, number, holder_name, holder, bank_code, proof)
    number_hash = blind_index("account", number)
    known = Account.objects.filter(
        person=person, number_hash=number_hash, is_current=True, holder=holder, bank_code=bank_code
    ).first()
    if known is not None:
        return known
    Account.objects.filter(person=person, is_current=True).update(is_current=False)
    try:
        with transaction.atomic():
            account = Account.objects.create(
                person=person,
                holder_name=holder_name.strip(),
                holder=holder,
                kind=kind,
                number=number,
                number_hash=number_hash,
                tail=number[-4:],
                bank_name=bank_name.strip(),
                bank_code=bank_code,
                proof=proof.strip(),
                added_by=by,
                added_at=now or clock.now(),
            )
    except IntegrityError as clash:
        raise AccountOfAnother from clash
    record(AccountKept(payee_id=person.pk, account_id=account.pk), by=by)
    return account


def _check(person: Person, number: str, holder_name: str, holder: str, bank_code: str, proof: str) -> None:
    if not is_account(number):
        raise BadAccount
    if bank_code and not is_bank_code(bank_code):
        raise BadBankCode
    if holder == Holder.SELF and not same_name(holder_name, person.name):
        raise HolderDiffers(holder_name.strip(), person.name)
    if holder != Holder.SELF and not proof.strip():
        raise ProofMissing
    if holder != Holder.SELF:
        return
    others = Account.objects.filter(number_hash=blind_index("account", number), is_current=True, holder=Holder.SELF)
    if others.exclude(person=person).exists():
        raise AccountOfAnother
