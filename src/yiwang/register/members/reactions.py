from yiwang.kernel.clock import today
from yiwang.register.members.actions import retain_members_of
from yiwang.register.members.queries import organisation_by_id


def retain_members_of_closed_union(*, organisation_id: int, on: str, document_number: str = "") -> None:
    """Membership outlives the union (Trade Union Law art. 13). Safe to run twice."""
    retain_members_of(organisation_by_id(organisation_id), by=None, on=today(), reason=document_number)
