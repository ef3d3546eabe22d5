"""谁是我的工会干部: for every worker."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from yiwang.grassroots.cadres.queries.people import officers_for
from yiwang.platform.ui.pages import page
from yiwang.register.members.queries import current_membership, person_of
from yiwang.register.organisations.queries import lineage


@login_required
@require_GET
def officers(request: HttpRequest) -> HttpResponse:
    """Who serves my union, nearest first; the unions above with their telephones where nobody does."""
    person = person_of(request.user)
    membership = current_membership(person) if person else None
    home = membership.organisation if membership else None
    found = officers_for(home) if home else []
    desks = [body for body in lineage(home) if body.phone and body.level >= 4] if home else []
    return page(request, "cadres/officers.html", {"home": home, "officers": found, "desks": desks})
