"""The recall of a worker director or supervisor: who may ask for it, and the vote that decides it (D3-13)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from yiwang.kernel.clock import today
from yiwang.kernel.states import move
from yiwang.net.cases.actions.letters import LETTERS
from yiwang.platform.journal.actions import record
from yiwang.register.accounts.models import User
from yiwang.rights.congress import queries_keeping
from yiwang.rights.congress.actions.sessions import table_item
from yiwang.rights.congress.errors import NotReady
from yiwang.rights.congress.events import DirectorRecallMoved
from yiwang.rights.congress.models import AgendaItem, Congress, DirectorRecall, Session, WorkerDirector

Recall = DirectorRecall.State


@transaction.atomic
def ask_recall(
    director: WorkerDirector, *, askers: str, signed: int, reason: str, statement: str, by: User
) -> DirectorRecall:
    """One third of the delegates or one tenth of the workers ask for it; the congress decides (D3-13)."""
    congress = Congress.objects.select_for_update().get(pk=director.congress_id)
    director = WorkerDirector.objects.select_for_update().get(pk=director.pk)
    if director.recalled_on is not None or director.until < today():
        raise NotReady(_("{name}已经不在任了。").format(name=director.name))
    if director.recalls.filter(state__in=DirectorRecall.OPEN).exists():
        raise NotReady(_("已经有一件罢免案在办。"))
    entitled, fewest = queries_keeping.askers_needed(congress, askers)
    if signed > entitled:
        text = _("一共{n}人，联名不会更多。请再数一遍。").format(n=entitled)
        raise NotReady(text, fields={"signed": text})
    if signed < fewest:
        text = _("{n}人里至少要{fewest}人联名，现在{signed}人。").format(n=entitled, fewest=fewest, signed=signed)
        raise NotReady(text, fields={"signed": text})
    recall = DirectorRecall.objects.create(
        director=director,
        askers=askers,
        signed=signed,
        entitled=entitled,
        reason=reason.strip(),
        statement=statement.strip(),
        asked_on=today(),
    )
    _recall_moved(recall, by)
    return recall


@transaction.atomic
def table_recall(recall: DirectorRecall, session: Session | None, *, by: User) -> AgendaItem:
    """On the agenda of the session that is being prepared; voted on in secret, by a majority of all delegates."""
    if session is None:
        raise NotReady(_("先定一次会议，再把罢免案列入议程。"))
    recall = DirectorRecall.objects.select_for_update(of=("self",)).select_related("director", "item").get(pk=recall.pk)
    if recall.state == Recall.TABLED and queries_keeping.recall_fell_off(recall):
        move(recall, Recall.ASKED, item=None)
    director = recall.director
    with override(LETTERS):
        item = table_item(
            session,
            kind=AgendaItem.Kind.DECIDE,
            method=AgendaItem.Method.SECRET,
            title=_("罢免{office}{name}").format(office=queries_keeping.office_of(director), name=director.name),
            explanation=_("{askers}，{signed}人联名。").format(
                askers=recall.get_askers_display(), signed=recall.signed
            ),
            text=_("理由：{reason}\n本人的说明：{statement}").format(
                reason=recall.reason, statement=recall.statement or _("没有书面说明，会上可以当面说。")
            ),
            by=by,
        )
    move(recall, Recall.TABLED, item=item)
    _recall_moved(recall, by)
    return item


def _recall_moved(recall: DirectorRecall, by: User | None) -> None:
    congress_id = recall.director.congress_id
    record(DirectorRecallMoved(congress_id=congress_id, body=recall.director.body, state=recall.state), by=by)


def settle_recall(item: AgendaItem, *, passed: bool, by: User | None) -> None:
    """What the vote means for the director, at once. Runs in the transaction that decides the item."""
    recall = DirectorRecall.objects.select_related("director").filter(item=item, state=Recall.TABLED).first()
    if recall is None:
        return
    move(recall, Recall.RECALLED if passed else Recall.KEPT)
    if passed:
        WorkerDirector.objects.filter(pk=recall.director_id).update(recalled_on=today())
    _recall_moved(recall, by)
