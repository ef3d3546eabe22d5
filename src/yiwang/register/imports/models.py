from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ids import public_id
from yiwang.kernel.states import Stateful
from yiwang.platform.jobs.models import JobRun
from yiwang.register.accounts.models import User


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def of_file(self, sha256: str) -> Self:
        return self.filter(sha256=sha256)


class ImportBatch(Stateful):
    """One staged file: what it says, how that compares with the register, and what became of it."""

    class Kind(models.TextChoices):
        MEMBERS = "members", _("会员名册")
        ORGANISATIONS = "organisations", _("工会组织名单")

    class State(models.TextChoices):
        MATCHING = "matching", _("等你对列")
        STAGING = "staging", _("正在检查")
        STAGED = "staged", _("检查完了，还没有写入")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        UNDOING = "undoing", _("正在撤回")
        UNDONE = "undone", pgettext_lazy("import", "已撤回")
        DISCARDED = "discarded", _("已放弃")

    MOVES = {
        State.MATCHING: frozenset({State.STAGING, State.DISCARDED}),
        State.STAGING: frozenset({State.STAGED, State.DISCARDED}),
        State.STAGED: frozenset({State.APPLYING, State.DISCARDED}),
        State.APPLYING: frozenset({State.APPLIED}),
        State.APPLIED: frozenset({State.APPLYING, State.UNDOING}),
        State.UNDOING: frozenset({State.UNDONE}),
    }

    public_id = models.CharField(max_length=10, unique=True, default=public_id, editable=False)
    kind = models.CharField(_("什么名单"), max_length=13, choices=Kind, default=Kind.MEMBERS)
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.STAGING)
    by = models.ForeignKey(User, verbose_name=_("谁导入"), on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(JobRun, on_delete=models.SET_NULL, null=True, related_name="+")
    strange_columns = models.JSONField(default=list)
    # Which column of the file is which of ours, by place, and what holds for every row of it.
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    selection = models.JSONField(default=dict)  # which rows were chosen for writing; empty means all
    shared_phones = models.JSONField(default=list)  # telephones of too many rows: [how many, the first of them]
    total = models.PositiveIntegerField(_("行数"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("有变化"), default=0)
    unchanged = models.PositiveIntegerField(_("没变化"), default=0)
    conflict = models.PositiveIntegerField(_("有冲突"), default=0)
    refused = models.PositiveIntegerField(_("不能导入"), default=0)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    staged_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(_("写入时间"), null=True)
    undone_at = models.DateTimeField(_("撤回时间"), null=True)
    forgotten_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入")
        indexes = [
            models.Index(fields=["by", "-id"], name="importbatch_by_person"),
            models.Index(fields=["sha256"], name="importbatch_by_file"),
        ]
        constraints = [
            models.CheckConstraint(
                name="importbatch_applied_has_time",
                condition=~Q(state__in=["applied", "undoing", "undone"]) | Q(applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="importbatch_undone_has_time", condition=~Q(state="undone") | Q(undone_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def to_write(self) -> int:
        return self.new + self.changed

    @property
    def in_the_way(self) -> int:
        return self.conflict + self.refused


class ImportPiece(models.Model):
    """Some megabytes of a file, sealed, and only until its rows are staged."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("文件的一段")
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="importpiece_number_is_its_own")]

    def __str__(self) -> str:
        return f"{self.number}"


class StagedBlock(models.Model):
    """Thousands of rows that need no word, plainly new or plainly as the register has them; sealed column by column."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="blocks")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    new = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField()
    # Of the rows that were written, side by side. Plain ids: an undone row outlives the person it made.
    numbers = ArrayField(models.IntegerField(), default=list)
    person_ids = ArrayField(models.BigIntegerField(), default=list)
    membership_ids = ArrayField(models.BigIntegerField(), default=list)
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导入的一段")
        constraints = [
            models.UniqueConstraint(fields=["batch", "first"], name="stagedblock_first_is_its_own"),
            models.CheckConstraint(
                name="stagedblock_written_has_rows", condition=Q(written_at__isnull=False) | Q(numbers=[])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.last}"


class KnownHeading(models.Model):
    """What somebody once said a heading of theirs means; the next file with it needs no asking."""

    by = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=13, choices=ImportBatch.Kind, default=ImportBatch.Kind.MEMBERS)
    heading = models.CharField(_("表头"), max_length=60)
    key = models.CharField(max_length=30)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("记住的列")
        constraints = [
            models.UniqueConstraint(fields=["by", "kind", "heading"], name="knownheading_is_one", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.heading


class StagedRowQuerySet(models.QuerySet["StagedRow"]):
    def to_write(self) -> Self:
        return self.filter(verdict__in=[StagedRow.Verdict.NEW, StagedRow.Verdict.CHANGED], written_at=None)

    def to_undo(self) -> Self:
        return self.filter(written_at__isnull=False, undone_at=None)


class StagedRow(models.Model):
    """One row of a file: what it says (sealed), how it compares, what was written and what stood there before."""

    class Verdict(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("有变化")
        UNCHANGED = "unchanged", _("没变化")
        CONFLICT = "conflict", _("有冲突")
        REFUSED = "refused", _("不能导入")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("行"))
    verdict = models.CharField(_("结果"), max_length=9, choices=Verdict)
    sealed = EncryptedTextField(blank=True)  # JSON: values, cells, problems, notes, changes
    before = EncryptedTextField(null=True)  # JSON: what the fields held before they were written
    id_hash = models.CharField(max_length=64, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    # Plain ids: an undone row outlives the person or the body it made.
    person_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    made_organisation = models.BooleanField(default=False)
    made_person = models.BooleanField(default=False)
    made_membership = models.BooleanField(default=False)
    written_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = StagedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入的行")
        indexes = [
            models.Index(fields=["batch", "verdict", "number"], name="stagedrow_by_verdict"),
            models.Index(fields=["batch", "id_hash"], name="stagedrow_by_identity"),
            models.Index(fields=["person_id"], name="stagedrow_by_person", condition=Q(person_id__isnull=False)),
            models.Index(
                fields=["organisation_id"], name="stagedrow_by_body", condition=Q(organisation_id__isnull=False)
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="stagedrow_number_is_its_own")]

    def __str__(self) -> str:
        return f"{self.number}"
