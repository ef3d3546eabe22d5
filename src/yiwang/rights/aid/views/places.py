"""One person in one programme: what the rules say, who else helps this household, the answer."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel import clock
from yiwang.kernel.errors import DomainError
from yiwang.kernel.money import yuan
from yiwang.net.catalogue.cards import eligibility_card
from yiwang.net.payments.queries import payments_for
from yiwang.platform.rules.library.errors import MissingParameter
from yiwang.platform.ui.pages import page
from yiwang.register.access.actions import note_look
from yiwang.register.access.policies import capability_required
from yiwang.rights.aid import actions, queries_programmes
from yiwang.rights.aid import policies_programmes as policies
from yiwang.rights.aid.forms import NoForm
from yiwang.rights.aid.forms_programmes import DoubleForm, FactsForm, PlaceReasonForm, PremiumForm
from yiwang.rights.aid.models import Place
from yiwang.rights.aid.tables_programmes import place_badge
from yiwang.rights.aid.views.files import refuse, who


@dataclass(frozen=True)
class PlaceAct:
    key: str
    label: str | Promise
    hint: str = ""
    fields: Any = field(default=None)


def language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


@capability_required("cases.handle")
@require_safe
def place_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    place = policies.get_place(request.user, public_id)
    note_look("aid_place", place.pk, place.person_id, by=who(request), purpose="aid")
    return page(request, "aid/place.html", _context(request, place))


def _context(request: HttpRequest, place: Place) -> dict[str, Any]:
    may_check = policies.may_check(request.user, place)
    return {
        "place": place,
        "badge": place_badge(place),
        "doubles": place.doubles.order_by("pk"),
        "double_form": DoubleForm() if may_check else None,
        "payment": payments_for(queries_programmes.SOURCE, [place.pk]).get(place.pk),
        "cover": queries_programmes.cover_of(place) if place.purpose == Place.Purpose.JOIN else None,
        "acts": [(act, _form(act, place, None)) for act in acts_for(request, place)],
        **rules_say(place),
    }


def rules_say(place: Place) -> dict[str, Any]:
    """By the rules of today until it is decided; a figure that is not set stops it with its sentence."""
    try:
        answer = queries_programmes.answer_for_place(place, clock.today(), language())
    except MissingParameter as stopped:
        return {"stopped": str(stopped)}
    card = eligibility_card(answer, apply_url="", other_ways=[])
    amount = place.amount if place.decided_at else yuan(answer.amount or 0)
    return {"card": card, "amount": amount if answer.verdict == "yes" else None, "steps": answer.steps}


def acts_for(request: HttpRequest, place: Place) -> list[PlaceAct]:
    user, found = request.user, []
    if policies.may_check(user, place):
        facts = queries_programmes.asked_facts(place.rules, clock.today())
        hint = _("核对凭据，把规则要看的情况填准。核对的人不作决定。")
        found.append(PlaceAct("check", gettext_lazy("核对过了"), hint, facts))
    if policies.may_decide(user, place):
        if not place.programme.is_drawn:
            found.append(PlaceAct("give", gettext_lazy("批准")))
            if place.state == Place.State.ENTERED:
                found.append(PlaceAct("wait", gettext_lazy("列为候补")))
        found.append(PlaceAct("refuse", gettext_lazy("不予批准")))
    if policies.may_take_premium(user, place):
        found.append(PlaceAct("premium", gettext_lazy("登记交了互助费")))
    if policies.may_withdraw(user, place):
        found.append(PlaceAct("withdraw", gettext_lazy("本人放弃")))
    return found


def _form(act: PlaceAct, place: Place, data: Any) -> Form:
    if act.key == "check":
        return FactsForm(data, facts=act.fields, initial=queries_programmes.told_as_typed(place))
    if act.key == "premium":
        return PremiumForm(data, initial={"day": clock.today()})
    return NoForm(data) if act.key == "wait" else PlaceReasonForm(data)


@capability_required("cases.handle")
@require_POST
def place_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    place = policies.get_place(request.user, public_id)
    if act not in ("check", "give", "wait", "refuse", "premium", "withdraw"):
        raise Http404
    found = next((one for one in acts_for(request, place) if one.key == act), None)
    if found is None:
        raise PermissionDenied
    form = _form(found, place, request.POST)
    if form.is_valid():
        try:
            _run(act, place, form, who(request))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("记下了。"))
            return redirect("aid:place-detail", public_id=public_id)
    place = policies.get_place(request.user, public_id)
    return page(request, "aid/place.html", {**_context(request, place), "form": form, "act": act})


def _run(act: str, place: Place, form: Any, user: Any) -> None:
    if act == "check":
        actions.check_place(place, told=form.facts(), by=user)
    elif act == "wait":
        actions.put_on_waiting_list(place, by=user)
    elif act == "premium":
        actions.receive_premium(place, by=user, **form.cleaned_data)
    else:
        run: Any = {"give": actions.give_place, "refuse": actions.refuse_place, "withdraw": actions.withdraw_place}[act]
        run(place, reason=form.cleaned_data["reason"], by=user)


@capability_required("cases.handle")
@require_POST
def double_resolve(request: HttpRequest, public_id: str) -> HttpResponse:
    double = policies.get_double(request.user, public_id)
    place = policies.get_place(request.user, double.place.public_id)
    if double.resolved_at is not None or not policies.may_check(request.user, place):
        raise PermissionDenied
    form = DoubleForm(request.POST)
    if form.is_valid():
        actions.resolve_double(double, by=who(request), **form.cleaned_data)
        return redirect("aid:place-detail", public_id=place.public_id)
    return page(request, "aid/place.html", {**_context(request, place), "form": form})
