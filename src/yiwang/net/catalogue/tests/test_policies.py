import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from yiwang.net.catalogue.actions import draft_version
from yiwang.net.catalogue.policies import (
    get_offered,
    get_version,
    in_editor,
    may_edit,
    may_open_editor,
    may_publish,
    offered_to,
    owners_for,
)
from yiwang.net.catalogue.queries import current_version
from yiwang.register.accounts.models import User

from .factories import draft, published

pytestmark = pytest.mark.django_db


def codes(user):
    return set(offered_to(user).values_list("service__code", flat=True))


def test_a_local_service_is_offered_in_its_subtree_only(cast, seeded):
    published(cast)

    assert "CU-KS01" in codes(cast.wenjuan)
    assert "CU-KS01" in codes(cast.handler)
    assert "CU-KS01" not in codes(cast.stranger)
    assert "CU-KS01" not in codes(cast.sibling_handler)
    assert "CU-KS01" not in codes(cast.courier)
    assert codes(AnonymousUser()) == codes(cast.stranger)
    assert len(codes(AnonymousUser())) == 42


def test_a_local_service_for_everybody_is_found_by_who_lives_there_and_named_by_anybody(cast, seeded):
    published(cast)
    assert "CU-KS01" not in codes(User.objects.get(pk=cast.courier.pk))

    cast.courier_person.residence_division = "320583100201"
    cast.courier_person.save(update_fields=["residence_division"])

    assert "CU-KS01" in codes(User.objects.get(pk=cast.courier.pk))
    assert get_offered(cast.stranger, "CU-KS01").service.code == "CU-KS01"
    assert get_offered(AnonymousUser(), "CU-KS01").service.code == "CU-KS01"


def test_a_local_service_for_members_stays_with_members(cast, seeded):
    published(cast, audience=["member"])
    cast.courier_person.residence_division = "320583100201"
    cast.courier_person.save(update_fields=["residence_division"])

    assert "CU-KS01" in codes(cast.wenjuan)
    assert "CU-KS01" not in codes(cast.courier)
    with pytest.raises(Http404):
        get_offered(cast.courier, "CU-KS01")


def test_unknown_and_forbidden_services_look_the_same(cast):
    published(cast, audience=["member"])

    assert get_offered(cast.wenjuan, "cu-ks01").service.code == "CU-KS01"
    for code in ("CU-KS01", "CU-NONE1"):
        with pytest.raises(Http404):
            get_offered(cast.stranger, code)


def test_local_items_are_edited_and_published_within_their_body(cast):
    version = draft(cast)

    assert [may_edit(user, version) for user in (cast.handler, cast.approver, cast.supervisor)] == [True] * 3
    assert [may_edit(user, version) for user in (cast.sibling_handler, cast.chair, cast.wenjuan)] == [False] * 3
    assert may_publish(cast.approver, version)
    assert not may_publish(cast.handler, version)
    assert not may_publish(cast.sibling_approver, version)


def test_nobody_publishes_their_own_words(cast):
    version = draft(cast, by=cast.approver)

    assert not may_publish(cast.approver, version)
    assert may_publish(cast.supervisor, version)


def test_items_of_the_federation_belong_to_the_province(cast, seeded):
    version = draft_version(current_version("SG-0001"), by=cast.province_handler)

    assert may_edit(cast.province_handler, version)
    assert may_publish(cast.leader, version)
    assert not may_edit(cast.handler, version)
    assert not may_publish(cast.supervisor, version)


def test_the_editor_shows_federation_items_and_own_local_ones(cast, seeded):
    draft(cast)

    assert in_editor(cast.handler).count() == 43
    assert in_editor(cast.supervisor).count() == 43
    assert in_editor(cast.sibling_handler).count() == 42
    assert in_editor(cast.chair).count() == 0
    assert may_open_editor(cast.handler)
    assert not may_open_editor(cast.wenjuan)


def test_versions_are_fetched_and_authorised_in_one_step(cast):
    draft(cast)

    assert get_version(cast.handler, "CU-KS01", 1, must=may_edit).service.code == "CU-KS01"
    with pytest.raises(Http404):
        get_version(cast.sibling_handler, "CU-KS01", 1)
    with pytest.raises(PermissionDenied):
        get_version(cast.handler, "CU-KS01", 1, must=may_publish)


def test_local_items_start_at_the_bodies_where_one_serves(cast):
    assert owners_for(cast.handler) == [cast.county]
    assert owners_for(cast.chair) == []
    assert owners_for(cast.province_handler) == []
