"""The shape of one service definition: JSON in the table, frozen objects in the code.

A definition is plain data, so that a county can write one in the editor and a province can send one over.
Every reader goes through ``Definition.from_json``, which is forgiving (a draft may be half-filled);
``problems.py`` says what is wrong with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from yiwang.platform.forms.library.fields import Condition, Text, mappings

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How long something may take. Without a unit it is not a limit: ``problems`` refuses it."""

    amount: int
    unit: str  # workday | day | hour
    basis: Text = Text()
    evidence: str = "design"

    @classmethod
    def from_json(cls, data: Any) -> Self | None:
        if not isinstance(data, dict) or data.get("amount") in (None, ""):
            return None
        return cls(
            amount=_whole(data["amount"]),
            unit=str(data.get("unit") or ""),
            basis=Text.from_json(data.get("basis")),
            evidence=str(data.get("evidence") or "design"),
        )

    @property
    def is_law(self) -> bool:
        return self.evidence == "verified"

    @property
    def days(self) -> int:
        """Comparable length in calendar days; five working days take a week."""
        if self.unit == "workday":
            return -(-self.amount * 7 // 5)
        if self.unit == "hour":
            return -(-self.amount // 24)
        return self.amount


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """A clause the service rests on. Only what was read in its source is shown as law; the rest is our own rule."""

    title: Text
    article: Text
    text: Text
    evidence: str  # verified | comparator | unverified | design
    source: str = ""

    @property
    def is_law(self) -> bool:
        return self.evidence == "verified"

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            title=Text.from_json(data.get("title")),
            article=Text.from_json(data.get("article")),
            text=Text.from_json(data.get("text")),
            evidence=str(data.get("evidence") or "unverified"),
            source=str(data.get("source") or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Material:
    """One paper: given by the person, already on file, or fetched by us from another office (then never asked)."""

    key: str
    name: Text
    hint: Text
    source: str  # upload | on_file | shared
    origin: Text = Text()  # who issues it: the 来源渠道 of the guide
    optional: bool = False
    when: Text = Text()  # asked only in this situation
    field: str = ""  # the form field that carries the upload

    @property
    def is_asked(self) -> bool:
        return self.source == "upload"

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            key=str(data.get("key") or ""),
            name=Text.from_json(data.get("name")),
            hint=Text.from_json(data.get("hint")),
            source=str(data.get("source") or ""),
            origin=Text.from_json(data.get("origin")),
            optional=bool(data.get("optional")),
            when=Text.from_json(data.get("when")),
            field=str(data.get("field") or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Step:
    """One stretch of the work: who does it, at which level, with which right, for how long at most."""

    key: str
    title: Text
    text: Text
    level: int
    role: str
    capability: str
    limit: Limit | None
    two_person: bool = False  # whoever worked an earlier step may not decide this one
    at: str = ""  # the field of the form that names the body doing it, where that is not on the applicant's own line

    @classmethod
    def from_json(cls, data: Json) -> Self:
        capability = str(data.get("capability") or "")
        return cls(
            key=str(data.get("key") or ""),
            title=Text.from_json(data.get("title")),
            text=Text.from_json(data.get("text")),
            level=_whole(data.get("level")),
            role=str(data.get("role") or ""),
            capability=capability,
            limit=Limit.from_json({"amount": data.get("limit_days"), "unit": data.get("limit_unit")}),
            two_person=bool(data.get("two_person", capability == "cases.decide")),
            at=str(data.get("at") or ""),
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the person holds in the end, and how it reaches them."""

    kind: str
    name: Text
    template: str
    delivery: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Any) -> Self:
        data = data if isinstance(data, dict) else {}
        return cls(
            kind=str(data.get("kind") or ""),
            name=Text.from_json(data.get("name")),
            template=str(data.get("template") or ""),
            delivery=tuple(data.get("delivery") or ()),
        )


@dataclass(frozen=True, kw_only=True)
class Gain:
    """The first tile of the page: what you get, as a figure with its unit, or in two words."""

    label: Text
    figure: str
    unit: Text

    @classmethod
    def from_json(cls, data: Any) -> Self | None:
        if not isinstance(data, dict) or not any(data.values()):
            return None
        return cls(
            label=Text.from_json(data.get("label")),
            figure=str(data.get("figure") or ""),
            unit=Text.from_json(data.get("unit")),
        )


@dataclass(frozen=True, kw_only=True)
class Window:
    """A yearly season with a number of places; ``opens`` and ``closes`` are MM-DD."""

    opens: str = ""
    closes: str = ""
    quota: int | None = None
    note: Text = Text()

    @classmethod
    def from_json(cls, data: Any) -> Self | None:
        if not isinstance(data, dict) or not any(data.values()):
            return None
        quota = data.get("quota")
        return cls(
            opens=str(data.get("opens") or ""),
            closes=str(data.get("closes") or ""),
            quota=None if quota in (None, "") else _whole(quota),
            note=Text.from_json(data.get("note")),
        )


@dataclass(frozen=True, kw_only=True)
class BundledPart:
    """One service of a bundle 一件事: which, when it is asked for, and where the answers to its questions come from.

    The answer to a question of the part is ``answers[key]``, else what was said to ``renamed[key]``, else what was said
    to the question of the same key. ``later`` names questions that only the result of ``needs`` can answer.
    """

    code: str
    needs: str = ""  # starts when this other part was decided well
    when: tuple[Condition, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    later: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Any) -> Self:
        if not isinstance(data, dict):
            return cls(code=str(data or ""))
        return cls(
            code=str(data.get("code") or ""),
            needs=str(data.get("needs") or ""),
            when=tuple(Condition.from_json(part) for part in mappings(data.get("when"))),
            answers=_words(data.get("answers")),
            renamed=_words(data.get("renamed")),
            later=frozenset(str(key) for key in data.get("later") or ()),
        )

    def is_wanted(self, answers: Mapping[str, Any]) -> bool:
        return all(condition.holds(answers) for condition in self.when)

    def source_of(self, key: str) -> str:
        """The question of the bundle that answers a question of the part."""
        return self.renamed.get(key, key)

    def answer(self, key: str, said: Mapping[str, Any]) -> Any:
        return self.answers.get(key, said.get(self.source_of(key)))


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Everything one version of a service says."""

    name: Text = Text()
    summary: Text = Text()
    gain: Gain | None = None
    situation: str = ""
    audience: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    ruleset: str = ""
    conditions: tuple[Text, ...] = ()
    form: Json = field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    steps: tuple[Step, ...] = ()
    timing: str = "limit"  # limit | instant | window
    legal_limit: Limit | None = None
    promised_limit: Limit | None = None
    visits: int = 0
    visit_reason: Text = Text()
    fee: Decimal = Decimal(0)
    fee_basis: Text = Text()
    result: Result = Result(kind="", name=Text(), template="", delivery=())
    bundle: tuple[BundledPart, ...] = ()
    channels: tuple[str, ...] = ()
    other_ways: tuple[Text, ...] = ()
    aliases: tuple[str, ...] = ()
    icon: str = "file"
    window: Window | None = None
    minutes: int = 5
    anonymous_allowed: bool = False
    evaluation: bool = True
    target: str = ""  # employer | union: whom the request complains of, so that they never see it
    append_repeats: bool = True  # a repeat while one is open joins it instead of opening a second
    province_item: str = ""  # for a local item: the provincial item it is a variant of

    @classmethod
    def from_json(cls, data: Json) -> Self:
        return cls(
            name=Text.from_json(data.get("name")),
            summary=Text.from_json(data.get("summary")),
            gain=Gain.from_json(data.get("gain")),
            situation=str(data.get("situation") or ""),
            audience=tuple(data.get("audience") or ()),
            levels=tuple(_whole(level) for level in data.get("levels") or ()),
            legal_basis=tuple(LegalBasis.from_json(item) for item in data.get("legal_basis") or ()),
            ruleset=str(data.get("ruleset") or ""),
            conditions=tuple(Text.from_json(item) for item in data.get("conditions") or ()),
            form=dict(data.get("form") or {}),
            materials=tuple(Material.from_json(item) for item in data.get("materials") or ()),
            steps=tuple(Step.from_json(item) for item in data.get("steps") or ()),
            timing=str(data.get("timing") or "limit"),
            legal_limit=Limit.from_json(data.get("legal_limit")),
            promised_limit=Limit.from_json(data.get("promised_limit")),
            visits=_whole(data.get("visits")),
            visit_reason=Text.from_json(data.get("visit_reason")),
            fee=_money(data.get("fee")),
            fee_basis=Text.from_json(data.get("fee_basis")),
            result=Result.from_json(data.get("result")),
            bundle=tuple(BundledPart.from_json(part) for part in data.get("bundle") or ()),
            channels=tuple(data.get("channels") or ()),
            other_ways=tuple(Text.from_json(item) for item in data.get("other_ways") or ()),
            aliases=tuple(data.get("aliases") or ()),
            icon=str(data.get("icon") or "file"),
            window=Window.from_json(data.get("window")),
            minutes=_whole(data.get("minutes"), default=5),
            anonymous_allowed=bool(data.get("anonymous_allowed")),
            evaluation=bool(data.get("evaluation", True)),
            target=str(data.get("target") or ""),
            append_repeats=bool(data.get("append_repeats", True)),
            province_item=str(data.get("province_item") or ""),
        )

    @property
    def asked_materials(self) -> tuple[Material, ...]:
        return tuple(material for material in self.materials if material.is_asked)


def _whole(value: Any, *, default: int = 0) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def _words(data: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in data.items()} if isinstance(data, dict) else {}


def _money(value: Any) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


_MEANT_FALSE = frozenset({"two_person", "evaluation"})  # where saying no differs from saying nothing
_DEFAULTS: Json = {"evaluation": True, "visits": 0, "fee": "0", "timing": "limit", "append_repeats": True}


def tidy(definition: Json) -> Json:
    """The one way to write a definition down: what says nothing is left out, so that equal things look equal."""
    content: Json = _without_empty(definition)
    for step in content.get("steps") or []:
        if step.get("two_person") == (step.get("capability") == "cases.decide"):
            step.pop("two_person", None)
    return {name: value for name, value in content.items() if name not in _DEFAULTS or value != _DEFAULTS[name]}


def _without_empty(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_empty(part) for part in value]
    if not isinstance(value, dict):
        return value
    parts = {name: _without_empty(part) for name, part in value.items()}
    return {name: part for name, part in parts.items() if not _says_nothing(name, part)}


def _says_nothing(name: str, value: Any) -> bool:
    if value is False:
        return name not in _MEANT_FALSE
    return value in (None, "") or (isinstance(value, list | dict) and not value)
