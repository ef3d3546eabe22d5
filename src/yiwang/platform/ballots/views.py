"""The box and the board, for programs: cast, find, take the archive home. No account, no cookie."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from yiwang.kernel.errors import DomainError
from yiwang.platform.ballots import actions, policies, queries
from yiwang.platform.ballots.errors import BadBallot
from yiwang.platform.ballots.library.voting import MOST_BYTES


@require_GET
def election_document(request: HttpRequest, uuid: str) -> HttpResponse:
    """The election to the byte: what the browser hashes is what everybody hashes."""
    election = policies.get_public_election(uuid)
    return HttpResponse(bytes(election.document), content_type="application/json")


@require_GET
def election_archive(request: HttpRequest, uuid: str) -> HttpResponse:
    election = policies.get_public_election(uuid)
    response = HttpResponse(queries.archive_bytes(election), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{election.uuid}.bel"'
    return response


# There is nothing to forge: the ballot itself is signed with its code, and no account takes part.
@csrf_exempt
@require_POST
def ballot_cast(request: HttpRequest, uuid: str) -> HttpResponse:
    election = policies.get_public_election(uuid)
    raw = request.read(MOST_BYTES + 1)
    try:
        tracking = actions.cast_ballot(election, raw)
    except DomainError as refusal:
        return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
    return JsonResponse({"tracking": tracking})


@require_GET
def ballot_track(request: HttpRequest, uuid: str, name: str) -> HttpResponse:
    """Whether the ballot with this hash was taken: the truth after a broken connection."""
    found = queries.tracked(policies.get_public_election(uuid), name)
    told = {"message": str(BadBallot(found.reason))} if found.reason else {}
    return JsonResponse({"place": found.place, **told})
