from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.kernel.identity import BadIdentity, parse_phone
from yiwang.platform.ui.widgets import DateInput, IdentityInput, PhoneInput
from yiwang.register.members.codes import OCCUPATION, Honour, IdKind, UnionAt, nation_choices, title_choices
from yiwang.register.members.models import Conflict, Membership, Person, Release
from yiwang.register.organisations.models import Employer
from yiwang.register.organisations.queries import employer_called


class BindForm(forms.Form):
    """Name and document, as they stand on the card. Whether they fit is for the action to say."""

    name = forms.CharField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_type = forms.ChoiceField(label=_("证件类型"), choices=IdKind, initial=IdKind.RESIDENT)
    id_number = forms.CharField(
        label=_("证件号码"), max_length=40, help_text=_("只用来核对你是谁，加密保存。"), widget=IdentityInput()
    )


class PhotoForm(forms.Form):
    """One's own picture; what is a picture is for the files to say."""

    photo = forms.FileField(
        label=_("照片"),
        help_text=_("证件照或清楚的正面照。只有你和你的工会能看，随时可以删。"),
        widget=forms.FileInput(attrs={"accept": "image/*", "class": "inp"}),
        error_messages={"required": _("请选一张照片。")},
    )


class RevealForm(forms.Form):
    """Why somebody needs to see a full number; the person can read it."""

    purpose = forms.CharField(
        label=_("为什么要看"), max_length=200, help_text=_("会员本人能看到你写的原因。例如：核对入会登记表。")
    )


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """What people know best about themselves; name and documents are changed with proof, as a request."""

    nation = forms.ChoiceField(label=_("民族"), choices=nation_choices, required=False)
    residence_address = forms.CharField(
        label=_("住址"),
        max_length=120,
        required=False,
        empty_value=None,
        help_text=_("加密保存，只用来给你寄东西、找最近的服务。"),
    )

    class Meta:
        model = Person
        fields = ("nation", "political", "education", "household_type", "residence_address")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_blanks(self.fields)


def _name_blanks(fields: Any) -> None:
    """The empty choice in words instead of dashes."""
    for field in fields.values():
        options = getattr(field, "choices", None)
        if isinstance(options, list) and options and options[0][0] == "":
            field.choices = [("", _("没填")), *options[1:]]


class DeskPersonForm(PersonForm):
    """The same for an officer, who does not read the address."""

    residence_address = None  # type: ignore[assignment]  # Django's way to drop a field

    class Meta(PersonForm.Meta):
        fields = ("nation", "political", "education", "household_type")  # type: ignore[assignment]  # one fewer


class PhoneForm(forms.Form):
    """A new telephone, by an officer who does not see the old one; one's own goes through signing in with it."""

    phone = forms.CharField(
        label=_("新手机号"), max_length=20, required=False, widget=PhoneInput(), help_text=_("不改就空着。")
    )

    def clean_phone(self) -> str:
        text = str(self.cleaned_data["phone"])
        try:
            return parse_phone(text) if text else ""
        except BadIdentity as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


# A phone asks one thing at a time: the parts of one's own facts, beside “about” (the person).
WORK_PARTS = {
    "work": ("department", "post", "trade", "employ_kind", "is_migrant"),
    "skill": (
        *("title_level", "skill_level", "skill_trade", "skill_certificate", "skill_issuer", "skill_issued_on"),
        "honours",
    ),
    "platform": ("new_form", "relation_kind", "platforms", "station", "vehicle", "plate", "work_area"),
}


class WorkForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """The facts of one's work, by the member themselves."""

    title_level = forms.ChoiceField(label=_("职称"), choices=title_choices, required=False)
    honours = forms.MultipleChoiceField(
        label=_("荣誉"), choices=Honour, required=False, widget=forms.CheckboxSelectMultiple
    )
    plate = forms.CharField(
        label=_("车牌"), max_length=12, required=False, empty_value=None, help_text=_("可不填。加密保存。")
    )

    class Meta:
        model = Membership
        fields: tuple[str, ...] = (
            "department",
            "post",
            "trade",
            "title_level",
            "skill_level",
            "skill_trade",
            "skill_certificate",
            "skill_issuer",
            "skill_issued_on",
            "honours",
            "employ_kind",
            "is_migrant",
            "new_form",
            "relation_kind",
            "platforms",
            "station",
            "vehicle",
            "plate",
            "work_area",
        )
        widgets = {"skill_issued_on": DateInput}

    def __init__(self, *args: Any, part: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_blanks(self.fields)
        for name in set(self.fields) - set(WORK_PARTS[part]) if part else ():
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("skill_level") and not given.get("skill_certificate"):
            self.add_error("skill_certificate", _("写了技能等级，请把证书编号也填上。"))
        return given


class UnitWorkForm(WorkForm):
    """The same and what the union keeps: the employer, the state of work, dues, the card. Not the number plate."""

    plate = None  # type: ignore[assignment]  # Django's way to drop a field

    employer_name = forms.CharField(
        label=_("单位"), max_length=120, required=False, help_text=_("填全称或统一社会信用代码。")
    )

    occupation = forms.RegexField(
        OCCUPATION,
        label=_("职业代码"),
        required=False,
        help_text=_("按国家职业分类大典，四段数字，例如6-18-01-01。第一位从1到8。"),
        error_messages={"invalid": _("职业代码写成6-18-01-01这样，第一位从1到8。")},
    )

    class Meta(WorkForm.Meta):
        fields = (
            *(name for name in WorkForm.Meta.fields if name != "plate"),
            "employ_state",
            "occupation",
            "union_post",
            "dues_from",
            "dues_paid_to",
            "union_at",
            "card_token",
        )
        widgets = {**WorkForm.Meta.widgets, "dues_from": DateInput, "dues_paid_to": DateInput}

    field_order = ("employer_name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employer = self.instance.employer
        self.fields["employer_name"].initial = employer.name if employer else ""

    def clean_employer_name(self) -> Employer | None:
        text = str(self.cleaned_data["employer_name"]).strip()
        held = self.instance.employer
        if not text:
            return None
        found = held if held is not None and held.name == text else employer_called(text)
        if found is None:
            raise forms.ValidationError(_("没找到这个单位。请填全称或统一社会信用代码。"))
        return found

    @property
    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["employer"] = given.pop("employer_name")
        return given


class SettleForm(forms.Form):
    """How a conflict ends, and why."""

    state = forms.ChoiceField(label=_("怎么定"))
    reason = forms.CharField(
        label=_("为什么这样定"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("双方工会都能看到。"),
    )

    def __init__(self, *args: Any, conflict: Conflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = Conflict.State
        ends = (
            (states.DIFFERENT, states.CORRECTED) if conflict.is_pair else (states.MOVED, states.CORRECTED, states.KEPT)
        )
        self.fields["state"].choices = [(end.value, end.label) for end in ends]  # type: ignore[attr-defined]  # a choice


class MergeForm(forms.Form):
    """Which of two records stays, and on what grounds."""

    keep = forms.ChoiceField(label=_("保留哪一条"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("凭什么说是同一个人"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：看过身份证原件，旧号码是抄错的。"),
    )  # fmt: skip

    def __init__(self, *args: Any, conflict: Conflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person for person in (conflict.person, conflict.other) if person is not None]
        choices = [(person.public_id, f"{person.name} {person.masked_id}") for person in people]
        self.fields["keep"].choices = choices  # type: ignore[attr-defined]  # a choice field


class HandOverForm(forms.Form):
    """The union that holds the membership lets it go to the one that claims it."""

    reason = forms.CharField(
        label=_("凭什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：已核实，本人上月离职，到对方单位上班。双方工会和本人都能看到。"),
    )


class DispatchForm(HandOverForm):
    """Which of two unions a dispatched worker belongs to."""

    keeper = forms.ChoiceField(label=_("会籍放在哪一家"), widget=forms.RadioSelect)
    union_at = forms.ChoiceField(
        label=_("这一家是"), choices=UnionAt, initial=UnionAt.DISPATCHER, widget=forms.RadioSelect
    )
    agreement = forms.CharField(
        label=_("委托协议编号"),
        max_length=60,
        required=False,
        help_text=_("放在用工单位的才要填；没有协议，会籍在派遣单位。"),
    )
    field_order = ("keeper", "union_at", "agreement", "reason")

    def __init__(self, *args: Any, conflict: Conflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sides = [side for side in (conflict.organisation, conflict.claimed_by) if side is not None]
        choices = [(side.public_id, side.name) for side in sides]
        self.fields["keeper"].choices = choices  # type: ignore[attr-defined]  # a choice field


class PhoneKeeperForm(forms.Form):
    """Which of two people keeps a telephone."""

    keep = forms.ChoiceField(label=_("号码留给谁"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("凭什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：打过电话，机主是他。会给这个号码发一条短信。"),
    )

    def __init__(self, *args: Any, conflict: Conflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [person for person in (conflict.person, conflict.other) if person is not None]
        oldest = min(people, key=lambda one: (one.phone_verified_at is None, one.phone_verified_at or one.created_at))
        field = self.fields["keep"]
        field.choices = [(one.public_id, f"{one.name} {one.masked_id}") for one in people]  # type: ignore[attr-defined]  # a choice field
        field.initial = oldest.public_id  # who verified it first


class StandingForm(forms.Form):
    """What the committee decided about one membership: which change, from which day, by which minutes."""

    change = forms.ChoiceField(label=_("怎么变"))
    on = forms.DateField(label=_("从哪天起"), widget=DateInput, initial=today)
    reason = forms.CharField(
        label=_("依据"), max_length=60, help_text=_("写会议纪要编号或事由，本人能看到。例如：本人重新上班。")
    )

    def __init__(self, *args: Any, changes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["change"].choices = changes  # type: ignore[attr-defined]  # a choice field


class GroupForm(forms.Form):
    name = forms.CharField(label=_("小组名称"), max_length=60, help_text=_("例如：装配一线小组。"))


class GroupMemberForm(forms.Form):
    """One member by name or number, into a group or at its head."""

    who = forms.CharField(label=_("姓名或会员编号"), max_length=50)
    as_leader = forms.BooleanField(label=_("让他当组长"), required=False)


class ReleaseForm(forms.Form):
    """Which numbers somebody needs in full, and what for."""

    fields_wanted = forms.MultipleChoiceField(
        label=_("哪些要完整的"), choices=Release.Field, widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾用得着的，其余照旧遮住。"),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("用来做什么"),
        max_length=150,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("批准的人和名册里的每个人都能看到。例如：给2026年职工互助保障参保，交省职工互助保障中心。"),
    )


class DecideReleaseForm(forms.Form):
    """The second person's answer; a refusal says why."""

    reason = forms.CharField(
        label=_("不批准的原因"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("批准可以不写；不批准要写，提出的人能看到。"),
    )
