"""One table that search reads: what can be found, by which words, and who may see it."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ids import public_id
from yiwang.kernel.ltree import LtreeField
from yiwang.kernel.states import Stateful


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def of(self, kind: str, object_id: str) -> Self:
        return self.filter(kind=kind, object_id=object_id)


class SearchEntry(models.Model):
    """One record of any app as search sees it: title, words, pinyin, and who may find it."""

    kind = models.CharField(_("种类"), max_length=20)
    object_id = models.CharField(_("公开编号"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    detail = models.CharField(_("说明"), max_length=300, blank=True)
    # The words as compared: half-width, simplified, lower case, “|” between fields. The recheck reads them.
    plain = models.TextField(blank=True)
    head = models.CharField(max_length=40, blank=True)  # how the title begins, as compared
    vector = SearchVectorField()
    pinyin = models.CharField(max_length=1000, blank=True)  # “kunshanshi…|kss…”
    weight = models.SmallIntegerField(default=0)  # larger comes first among equally good finds
    # Whose officers may find it: the last label of a path. Where it stands says ``SearchPlace``, so that a county moves
    # with its bodies and not with hundreds of thousands of members. Public records belong to nobody.
    scope = models.CharField(max_length=20, null=True)  # noqa: DJ001 -- NULL is “nobody's”
    is_public = models.BooleanField(default=False)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("搜索条目")
        indexes = [
            GinIndex(name="search_by_words", fields=["vector"]),
            GinIndex(OpClass("pinyin", name="gin_trgm_ops"), name="search_by_pinyin"),
            models.Index(OpClass("head", name="varchar_pattern_ops"), name="search_by_beginning"),
        ]
        constraints = [
            models.UniqueConstraint(name="search_entry_is_one_per_record", fields=["kind", "object_id"]),
            models.CheckConstraint(
                name="search_entry_is_seen_by_somebody", condition=Q(is_public=True) | Q(scope__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SearchPlace(models.Model):
    """Where a label stands in the tree today: what ``SearchEntry.scope`` points at.

    No index on the path, so that a county moves without touching one (and finds room beside the old rows).
    """

    label = models.CharField(max_length=20, primary_key=True)
    path = LtreeField()

    class Meta:
        verbose_name = _("搜索范围")

    def __str__(self) -> str:
        return self.label


class Alias(models.Model):
    """One everyday word added by an editor, beside those of ``data/aliases.csv``, and what it leads to."""

    word = models.CharField(_("百姓说法"), max_length=40, unique=True)
    codes = models.CharField(_("事项编号"), max_length=200, blank=True, help_text=_("多个编号用空格隔开。"))
    terms = models.CharField(_("规范说法"), max_length=200, blank=True, help_text=_("多个说法用空格隔开。"))
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("常用说法")
        constraints = [
            models.CheckConstraint(
                name="alias_leads_somewhere",
                condition=~Q(codes="") | ~Q(terms=""),
                violation_error_message=_("请填事项编号或规范说法。"),
            )
        ]

    def __str__(self) -> str:
        return self.word


class AliasProposal(Stateful):
    """What somebody says an everyday word should lead to; another person publishes it, or does not."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("figure", "等另一个人发布")
        PUBLISHED = "published", pgettext_lazy("figure", "已发布")
        DECLINED = "declined", pgettext_lazy("figure", "没有采用")

    MOVES: ClassVar = {State.PROPOSED: frozenset({State.PUBLISHED, State.DECLINED})}

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    word = models.CharField(_("百姓说法"), max_length=40)
    codes = models.CharField(_("事项编号"), max_length=200, blank=True)
    terms = models.CharField(_("规范说法"), max_length=200, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    reason = models.CharField(_("为什么改"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by_id = models.BigIntegerField()
    proposed_by_name = models.CharField(_("谁提出"), max_length=50)
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(_("谁发布"), max_length=50, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("常用说法的修改")
        constraints = [
            models.CheckConstraint(
                name="alias_is_published_by_another",
                condition=Q(decided_by_id=None) | ~Q(decided_by_id=F("proposed_by_id")),
            ),
            models.CheckConstraint(
                name="alias_proposal_decided_has_time",
                condition=Q(state="proposed", decided_at=None) | (~Q(state="proposed") & Q(decided_at__isnull=False)),
            ),
            models.UniqueConstraint(name="alias_has_one_open_proposal", fields=["word"], condition=Q(state="proposed")),
        ]

    def __str__(self) -> str:
        return self.word
