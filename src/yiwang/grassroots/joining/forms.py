from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.grassroots.joining.models import Campaign, Transfer
from yiwang.grassroots.joining.queries import union_called
from yiwang.kernel.clock import add_days, today
from yiwang.kernel.identity import BadIdentity, check_identity, clean_name, parse_phone
from yiwang.platform.ui.widgets import DateInput, IdentityInput
from yiwang.register.members.codes import IdKind, NewForm
from yiwang.register.organisations.models import Organisation


class UnionField(forms.CharField):
    """A union by its whole name, short name or code."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        union = union_called(text)
        if union is None:
            raise forms.ValidationError(_("没找到这个工会，或者它不直接接收会员。请写全称或编码。"))
        return union


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms are generic for the type checker only
    """A new joining code."""

    organisation = UnionField(
        label=_("扫码的人进哪个工会"), max_length=120, required=False,
        help_text=_("写工会全称或编码。空着就进本县的新就业形态周转库，以后再转到站点、社区的工会。"),
    )  # fmt: skip

    class Meta:
        model = Campaign
        fields = ("name", "kind", "place", "valid_from", "valid_until", "most")
        widgets = {"valid_from": DateInput, "valid_until": DateInput}

    field_order = ("name", "kind", "organisation", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today()
        self.fields["valid_until"].initial = add_days(today(), 60)


class ScanForm(forms.Form):
    """What a person fills in after scanning: who (unless known), which work, and perhaps a second union."""

    name = forms.CharField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    id_type = forms.ChoiceField(label=_("证件类型"), choices=IdKind, initial=IdKind.RESIDENT)
    id_number = forms.CharField(
        label=_("证件号码"), max_length=40, help_text=_("只用来核对你是谁，加密保存。"), widget=IdentityInput()
    )
    new_form = forms.ChoiceField(
        label=_("做哪一行"),
        choices=[("", _("请选择")), *NewForm.choices],
        error_messages={"required": _("选一下你做哪一行。")},
    )
    platform = forms.CharField(label=_("平台或站点"), max_length=60, required=False, help_text=_("例如：城东配送站。"))
    employer = forms.CharField(label=_("单位名称"), max_length=100, required=False)
    post = forms.CharField(label=_("做什么工作"), max_length=60, required=False)
    second_union = UnionField(
        label=_("还在另一个工会的地方干活吗"), max_length=120, required=False,
        help_text=_("写那个工会的全称：它也为你服务，会员只算一次，选举在这里。"),
    )  # fmt: skip
    truthful = forms.BooleanField(
        label=_("我自愿加入工会，遵守工会章程，填的是真的"),
        error_messages={"required": _("请确认是自愿入会、填的是真的，勾上再提交。")},
    )
    identity = forms.BooleanField(
        label=_("同意用姓名和证件号核对身份"),
        error_messages={"required": _("不核对身份不能入会。不想在网上核对，可以带证件到工会当面办。")},
    )

    def __init__(self, *args: Any, is_known: bool, at_work: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_type", "id_number") if is_known else ():
            del self.fields[name]
        for name in ("new_form", "platform", "second_union") if at_work else ("employer", "post"):
            del self.fields[name]

    @property
    def answers(self) -> dict[str, Any]:
        given = self.cleaned_data
        second = given.get("second_union")
        told = {key: given[key] for key in ("new_form", "platform", "employer", "post") if given.get(key)}
        return told | ({"second_union": second.public_id} if second is not None else {})

    @property
    def consents(self) -> list[dict[str, str]]:
        return [{"key": name, "text": str(self.fields[name].label)} for name in ("truthful", "identity")]


class AdmitForm(forms.Form):
    """Into which union, and why; name and number where nobody knows them yet."""

    organisation = UnionField(label=_("进哪个工会"), max_length=120, help_text=_("写全称或编码。"))
    reason = forms.CharField(label=_("审核意见"), max_length=300, initial=_("情况属实，同意入会"))
    name = forms.CharField(label=_("证件上的姓名"), max_length=50)
    id_number = forms.CharField(label=_("证件号码"), max_length=40, widget=IdentityInput())

    def __init__(self, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_number") if is_known else ():
            del self.fields[name]


class RefuseForm(forms.Form):
    """No, with everything a no needs."""

    reason = forms.CharField(label=_("为什么不能入会"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    other_ways = forms.CharField(
        label=_("他还可以怎么办"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如：满16周岁后再申请；到户籍所在地的街道工会申请。"),
    )  # fmt: skip
    recourse = forms.CharField(
        label=_("不同意可以找谁"), max_length=300, initial=_("收到答复后可以申请复核，或者打12351。")
    )


class ListForm(forms.Form):
    """People who signed on paper, one line each: name, document, telephone."""

    union = forms.ModelChoiceField(
        label=_("进哪个工会"), queryset=Organisation.objects.none(), to_field_name="public_id", empty_label=_("请选择")
    )
    employer = forms.CharField(label=_("单位名称"), max_length=100, required=False)
    lines = forms.CharField(
        label=_("名单"), widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一个人：姓名、证件号码、手机号，用空格、逗号或制表符隔开。可以从表格里整块复制过来。"),
    )  # fmt: skip
    signed = forms.BooleanField(
        label=_("每个人都在纸质申请书上签了字"),
        error_messages={"required": _("入会要本人申请。没有签字的请本人在手机上办。")},
    )

    def __init__(self, *args: Any, unions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["union"].queryset = unions  # type: ignore[attr-defined]  # a model choice field

    def clean_lines(self) -> list[dict[str, str]]:
        rows, wrong = [], []
        for number, line in enumerate(str(self.cleaned_data["lines"]).splitlines(), start=1):
            parts = line.replace("，", " ").replace(",", " ").replace("、", " ").replace("\t", " ").split()
            if not parts:
                continue
            try:
                rows.append(self._row(parts))
            except (BadIdentity, ValueError) as refusal:
                wrong.append(_("第{n}行：{why}").format(n=number, why=refusal))
        if wrong:
            raise forms.ValidationError([str(text) for text in wrong[:20]])
        return rows

    def _row(self, parts: list[str]) -> dict[str, str]:
        if len(parts) < 2:
            raise ValueError(_("要有姓名和证件号码。"))
        checked = check_identity(IdKind.RESIDENT, parts[1])
        phone = parse_phone(parts[2]) if len(parts) > 2 else ""
        return {"name": clean_name(parts[0]), "id_number": checked.number, "phone": phone}


class WordsForm(forms.Form):
    reason = forms.CharField(label=_("意见"), max_length=300, required=False)


class ObjectForm(forms.Form):
    """A refusal to let go has one of three grounds."""

    ground = forms.ChoiceField(label=_("为什么不同意"), choices=Transfer.Ground, widget=forms.RadioSelect)
    text = forms.CharField(label=_("写明情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PlaceForm(forms.Form):
    """Where people of the pool go."""

    organisation = UnionField(label=_("转到哪个工会"), max_length=120, help_text=_("写全称或编码。"))
