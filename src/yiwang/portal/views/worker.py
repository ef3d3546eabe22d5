"""Pages for everyone: home, search, nearby, profile, who looked, take your data away, the demo's doors."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.grassroots.cadres import policies as cadres
from yiwang.grassroots.cadres.queries.own import own_data as cadre_data
from yiwang.net.cases import queries as cases
from yiwang.net.catalogue.finder import answers_of
from yiwang.platform.ui.pages import page
from yiwang.portal import queries
from yiwang.portal import search as everything
from yiwang.portal.personas import MORE, PERSONAS, by_key
from yiwang.register.access import policies
from yiwang.register.access import queries as access
from yiwang.register.accounts import actions as accounts
from yiwang.register.accounts.models import User
from yiwang.register.members import queries as members
from yiwang.register.organisations import queries as organisations


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not isinstance(user, User):
        likely, total = queries.likely(None, answers_of(request))
        return page(request, "portal/home.html", {"tasks": queries.everyday_tasks(), "likely": likely})
    person = members.person_of(user)
    likely, total = queries.likely(person, answers_of(request))
    context = {
        "tasks": queries.everyday_tasks(),
        "needs": cases.needs_you(user),
        "needs_binding": person is None,
        "likely": likely,
        "likely_total": total,
        "helpers": queries.helpers_for(queries.home_of(person))[:3],
        "is_staff": policies.is_staff(user),
        "congress": queries.congress_for(user),
    }
    return page(request, "portal/home.html", context)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    user = request.user if isinstance(request.user, User) else None
    found = everything.search(words, user=user) if words else None
    context = {"words": words, "found": found, "common_words": everything.common_words()}
    return page(request, "portal/search.html", context, part="results")


@require_GET
def nearby(request: HttpRequest) -> HttpResponse:
    """Who is there for me, nearest first; and any union body of any place, by name or code."""
    user = request.user if isinstance(request.user, User) else None
    mine = queries.home_of(members.person_of(user)) if user else None
    words = request.GET.get("q", "").strip()
    context = {
        "words": words,
        "found": organisations.search(words, limit=20) if words else None,
        "helpers": queries.helpers_for(mine),
        "mine": mine,
        "cities": ()
        if words or mine
        else [city for root in organisations.roots() for city in organisations.children(root)],
    }
    return page(request, "portal/nearby.html", context, part="results")


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return page(request, "portal/help.html", {})


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    person = members.person_of(user)
    context = {
        "person": person,
        "record": queries.own_record(person) if person else (),
        "membership": members.current_membership(person) if person else None,
        "posts": policies.appointments_of(user),
        "serves": cadres.own_posts(user).exists(),
    }
    return page(request, "portal/profile.html", context)


@login_required
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    person = members.person_of(_user(request))
    rows = access.looks_at(person.pk) if person else ()
    return page(request, "portal/looks.html", {"rows": rows})


@login_required
@require_GET
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything we hold about the person who asks, as one JSON file."""
    user = _user(request)
    person = members.person_of(user)
    document = {
        "account": {"name": user.name, "phone": user.phone, "language": user.language},
        "person": members.own_data(person) if person else None,
        "cases": queries.own_cases_data(user),
        "posts": cadre_data(person) if person else [],
        "looks": queries.looks_data(person) if person else [],
    }
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1, "default": str})
    response["Content-Disposition"] = 'attachment; filename="yiwang-my-data.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Step into one of the demo's people. Exists in demo mode on this machine only; elsewhere there is no such page."""
    if not accounts.is_demo_on_this_machine(request):
        raise Http404
    known = queries.accounts_with([persona.phone for persona in (*PERSONAS, *MORE)])
    if request.method == "POST":
        persona = by_key(request.POST.get("persona", ""))
        user = known.get(persona.phone) if persona else None
        if persona is None or user is None:
            raise Http404
        accounts.step_into(request, user)
        return redirect(persona.opens)
    cards, more = (
        [(persona, known[persona.phone]) for persona in group if persona.phone in known] for group in (PERSONAS, MORE)
    )
    return page(request, "portal/demo.html", {"cards": cards, "more": more, "title": _("换个身份看看")})


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
