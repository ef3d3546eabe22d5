from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.fields import EncryptedTextField
from yiwang.kernel.ltree import prefixes_of
from yiwang.kernel.states import Stateful
from yiwang.net.catalogue.definitions import Definition
from yiwang.register.accounts.models import User
from yiwang.register.organisations.models import Organisation

# Parsed definitions by digest. A web process meets some dozens; drafts come and go, hence the bound.
CONTENTS: dict[str, Definition] = {}
MOST_CONTENTS = 500


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered_at(self, paths: list[str]) -> Self:
        """Services of the whole federation, and local ones of the bodies on these paths and of their superiors."""
        above = {prefix for path in paths for prefix in prefixes_of(path)}
        return self.filter(Q(owner=None) | Q(owner__path__in=sorted(above)))


class Service(models.Model):
    """One entry of the catalogue 事项: what a worker, a union body or a cadre can ask the net for."""

    code = models.CharField(_("事项编码"), max_length=20, unique=True)
    domain = models.CharField(_("领域"), max_length=2)
    # None: an item of the whole federation, kept by the province. Otherwise a local item, offered in that subtree only.
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="services")
    position = models.PositiveSmallIntegerField(default=500)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(name="service_code_has_form", condition=Q(code__regex=r"^[A-Z]{2}-[0-9A-Z]{4,12}$")),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_local(self) -> bool:
        return self.owner_id is not None


class ServiceVersionQuerySet(models.QuerySet["ServiceVersion"]):
    def published(self) -> Self:
        return self.filter(state=ServiceVersion.State.PUBLISHED)

    def open(self) -> Self:
        """Being written or waiting for the publisher."""
        return self.filter(state__in=[ServiceVersion.State.DRAFT, ServiceVersion.State.REVIEWED])


class ServiceVersion(Stateful):
    """One version of a service's definition. Once published it never changes; running cases keep theirs."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        REVIEWED = "reviewed", _("已审核")
        PUBLISHED = "published", _("已发布")
        SUSPENDED = "suspended", _("已暂停")
        RETIRED = "retired", _("已停用")

    MOVES: ClassVar[dict[str, frozenset[str]]] = {
        State.DRAFT: frozenset({State.REVIEWED, State.RETIRED}),
        State.REVIEWED: frozenset({State.DRAFT, State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.SUSPENDED, State.RETIRED}),
        State.SUSPENDED: frozenset({State.PUBLISHED, State.RETIRED}),
    }

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    definition = models.JSONField(_("定义"), default=dict)
    digest = models.CharField(max_length=64)
    note = models.CharField(_("改了什么"), max_length=300, blank=True)
    # None: written by the seed that ships with the system, not by a person.
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(_("暂停或停用的原因"), max_length=300, blank=True)

    objects = ServiceVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["service", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "number"], name="service_version_number_is_unique"),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state="published"),
                name="service_has_one_published_version",
                violation_error_message=_("这个事项已有一个发布中的版本，请先停用它。"),
            ),
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(state__in=["draft", "reviewed"]),
                name="service_has_one_open_draft",
                violation_error_message=_("这个事项已有一份没发布的草稿，请接着改那一份。"),
            ),
            models.CheckConstraint(
                name="service_version_drafter_is_not_publisher",
                condition=Q(published_by=None) | Q(drafted_by=None) | ~Q(drafted_by=models.F("published_by")),
                violation_error_message=_("写的人不能自己发布，请另一个人来发布。"),
            ),
            models.CheckConstraint(
                name="service_version_published_has_time",
                condition=~Q(state__in=["published", "suspended"]) | Q(published_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="service_version_state")]

    def __str__(self) -> str:
        return f"{self.service.code} v{self.number}"

    @property
    def content(self) -> Definition:
        """The definition as objects, parsed once per process: the digest names the content for ever."""
        found = CONTENTS.get(self.digest)
        if found is None:
            if len(CONTENTS) >= MOST_CONTENTS:
                CONTENTS.clear()
            found = CONTENTS[self.digest] = Definition.from_json(self.definition)
        return found

    @property
    def name(self) -> str:
        return str(self.content.name)

    @property
    def is_editable(self) -> bool:
        return self.state == self.State.DRAFT


class FinderProfile(models.Model):
    """One account's answers to the finder's questions, kept by their consent until they take it back."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="finder_profile")
    answers = EncryptedTextField()
    # Their own union may look whether they qualify for something they have not asked for, and tell them.
    may_be_told = models.BooleanField(_("符合条件时可以告诉我"), default=False)
    consented_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"finder profile {self.pk}"
