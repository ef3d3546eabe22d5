"""Input of a congress: its plan, its people, its sessions, its counts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.clock import today
from yiwang.platform.ui.widgets import DateInput, PhoneInput
from yiwang.register.accounts.models import User
from yiwang.register.members.models import Membership
from yiwang.register.organisations.models import Organisation
from yiwang.rights.congress.formulas import HandCount
from yiwang.rights.congress.models import AgendaItem, Congress, Constituency, Delegate, KeyHolder, Session
from yiwang.rights.congress.queries import account_with, rule
from yiwang.rights.congress.queries_slips import SlipField


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """Labels and shapes of a model's fields; what can't be is said by the action, beside the field it belongs to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("请填“{label}”。").format(label=field.label)

    def _post_clean(self) -> None:
        """The database's own words would come without a field, and not in the reader's language."""


class CongressForm(ActionForm):
    """A new term of one union."""

    organisation = forms.ModelChoiceField(
        label=_("工会"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=None
    )

    class Meta:
        model = Congress
        fields = ("organisation", "kind", "number", "years", "headcount", "women", "seats")
        help_texts = {
            "headcount": _("全体职工，包括劳务派遣的。"),
        }

    def __init__(self, *args: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = gettext("职工代表大会至少{fewest}名，且不少于职工的{percent}%；职工大会人人参加，这里填职工数。")
        numbers = {"fewest": rule("delegates_fewest"), "percent": rule("delegates_percent")}
        self.fields["seats"].help_text = told.format(**numbers)
        self.fields["organisation"].queryset = places  # type: ignore[attr-defined]  # a model choice field


class ConstituencyForm(ActionForm):
    class Meta:
        model = Constituency
        fields = ("name", "headcount", "women", "seats")
        help_texts = {"name": _("车间、班组、科室、站点、骑手小组。")}


class NominationForm(forms.Form):
    """One candidate, by name or by the number of the member."""

    who = forms.CharField(label=_("姓名或会员编号"), max_length=50)
    category = forms.ChoiceField(label=_("类别"), choices=Delegate.Category.choices)
    active_days = forms.IntegerField(label=_("近90天接单天数"), required=False, min_value=0, max_value=90)

    def __init__(self, *args: Any, members: Any, is_platform: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        if not is_platform:
            del self.fields["active_days"]

    def clean_who(self) -> Membership:
        text = str(self.cleaned_data["who"]).strip()
        found = list(self.members.filter(number=text)[:2]) or list(self.members.filter(person__name=text)[:3])
        if not found:
            raise forms.ValidationError(_("在册会员里没有这个人。填全名或会员编号。"))
        if len(found) > 1:
            raise forms.ValidationError(_("有几个同名的会员，请填会员编号。"))
        membership: Membership = found[0]
        return membership


class ConstituencyResultForm(forms.Form):
    """The count of one constituency, with one box for each candidate."""

    elected_on = forms.DateField(label=_("选举日期"), widget=DateInput)
    method = forms.ChoiceField(label=_("怎么选"), choices=Constituency.Method.choices)
    present = forms.IntegerField(label=_("实到"), min_value=0)

    def __init__(self, *args: Any, candidates: Iterable[Delegate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["elected_on"].initial = today()
        for row in candidates:
            label = _("{name}得赞成票").format(name=row.person.name)
            self.fields[f"votes_{row.pk}"] = forms.IntegerField(label=label, min_value=0)

    @property
    def votes(self) -> dict[int, int]:
        found = self.cleaned_data.items()
        return {int(name.removeprefix("votes_")): int(value) for name, value in found if name.startswith("votes_")}


class TermForm(forms.Form):
    on = forms.DateField(label=_("任期从哪天算"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class SessionForm(ActionForm):
    class Meta:
        model = Session
        fields = ("held_on", "place", "form", "called_by")
        widgets = {"held_on": DateInput}


class PresidiumForm(forms.Form):
    """One name in each line."""

    members = forms.CharField(
        label=_("主席团成员"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("一行一个代表的姓名。")
    )

    def __init__(self, *args: Any, delegates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.delegates = delegates

    def clean_members(self) -> list[Delegate]:
        return delegates_named(str(self.cleaned_data["members"]), self.delegates)


def delegates_named(text: str, delegates: Any) -> list[Delegate]:
    """The delegates whose names stand there, one in each line or with 、 between."""
    names = [
        part.strip() for line in text.splitlines() for part in line.replace("，", "、").split("、") if part.strip()
    ]
    found = {row.person.name: row for row in delegates.filter(person__name__in=names)}
    if unknown := [name for name in names if name not in found]:
        raise forms.ValidationError(_("代表里没有这些人：{names}。").format(names="、".join(unknown)))
    return [found[name] for name in dict.fromkeys(names)]


class ItemForm(ActionForm):
    """One point of the agenda."""

    people = forms.CharField(
        label=_("候选人或评议对象"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("选举和评议才填。一行一个，姓名后面空一格写部门、职务。"),
    )

    class Meta:
        model = AgendaItem
        fields = ("kind", "method", "title", "explanation", "sponsor", "text", "office", "seats")
        widgets = {"text": forms.Textarea(attrs={"rows": 8}), "seats": forms.NumberInput(attrs={"min": 0})}

    field_order = ("kind", "method", "title", "explanation", "sponsor", "text", "people", "office", "seats")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seats"].required = False

    def clean_seats(self) -> int:
        return int(self.cleaned_data["seats"] or 0)

    def clean_people(self) -> list[dict[str, str]]:
        return people_in(str(self.cleaned_data["people"]))


def people_in(text: str) -> list[dict[str, str]]:
    """One in each line: the name, a space, department and post."""
    lines = [line.strip().partition(" ") for line in text.splitlines() if line.strip()]
    return [{"name": name, "note": note.strip()} for name, _space, note in lines]


class OthersForm(forms.Form):
    """Whom the paper slips of the last round name."""

    people = forms.CharField(
        label=_("加进下一轮的人"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一行一个，姓名后面空一格写部门、职务。先问本人愿不愿意。"),
    )

    def clean_people(self) -> list[dict[str, str]]:
        return people_in(str(self.cleaned_data["people"]))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class HandsForm(forms.Form):
    """What the tellers counted."""

    yes = forms.IntegerField(label=_("赞成"), min_value=0)
    no = forms.IntegerField(label=_("反对"), min_value=0)
    abstain = forms.IntegerField(label=_("弃权"), min_value=0)

    @property
    def count(self) -> HandCount:
        given = self.cleaned_data
        return HandCount(given["yes"], given["no"], given["abstain"])


class SlipsForm(forms.Form):
    """What the tellers counted on paper: a number for each option."""

    def __init__(self, *args: Any, sheet: list[list[SlipField]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for option in [option for question in sheet for option in question]:
            self.fields[option.name] = forms.IntegerField(label=option.label, min_value=0)

    @property
    def counts(self) -> list[list[int]]:
        return [[int(self.cleaned_data[option.name]) for option in question] for question in self.sheet]


class OpinionsForm(forms.Form):
    opinions = forms.CharField(
        label=_("代表的意见和建议"), widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=5000
    )


class MinutesForm(forms.Form):
    minutes = forms.CharField(label=_("会议纪要"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20000)


class BallotForm(forms.Form):
    """Which items are on the paper, who holds keys, who gives out the codes."""

    holders = forms.CharField(
        label=_("共管人"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    needed = forms.IntegerField(
        label=_("几位到场就能开箱"), min_value=0, initial=0, help_text=_("填0，要所有共管人都到场。")
    )
    authority = forms.CharField(
        label=_("发码人手机号"), widget=PhoneInput, help_text=_("做投票码、发投票卡的人，不能是共管人。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = gettext("至少{n}位，一行一位：手机号，空一格，代表哪一方（工会、企业、上级工会、监票人）。要先有账号。")
        self.fields["holders"].help_text = told.format(n=rule("holders_fewest"))

    def clean_holders(self) -> list[tuple[User, str]]:
        sides = {str(label): value for value, label in KeyHolder.Side.choices}
        found = []
        for line in str(self.cleaned_data["holders"]).splitlines():
            phone, _space, side = line.strip().partition(" ")
            if phone:
                found.append((known_account(phone), sides.get(side.strip(), KeyHolder.Side.SCRUTINEER)))
        return found

    def clean_authority(self) -> User:
        return known_account(str(self.cleaned_data["authority"]))


def known_account(phone: str) -> User:
    user = account_with(phone.replace(" ", ""))
    if user is None:
        raise forms.ValidationError(_("没有用{phone}登录的账号，请对方先登录一次。").format(phone=phone))
    return user


class FloorForm(forms.Form):
    topic = forms.CharField(label=_("想说什么"), max_length=120, required=False)


class MotionForm(forms.Form):
    item = forms.ChoiceField(label=_("对哪一项"), required=False)
    text = forms.CharField(label=_("改什么、为什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, items: Iterable[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_items = [(row.public_id, row.title) for row in items if row.state == AgendaItem.State.TABLED]
        self.fields["item"].choices = [("", _("会议怎么开"))] + open_items  # type: ignore[attr-defined]  # a choice field


class EndForm(forms.Form):
    reason = forms.ChoiceField(label=_("为什么终止"), choices=Delegate.End.choices)
    present = forms.IntegerField(label=_("罢免的，实到几人"), min_value=0, required=False)
    votes = forms.IntegerField(label=_("罢免的，几票赞成"), min_value=0, required=False)
