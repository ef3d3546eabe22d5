import pytest
from django.urls import reverse

from yiwang.platform.text.actions import index_many
from yiwang.register.organisations import actions
from yiwang.register.organisations.models import Organisation, OrganisationSpan
from yiwang.register.organisations.queries import entries_under, span_open

pytestmark = pytest.mark.django_db


@pytest.fixture
def findable(cast):
    index_many(entries_under(cast.province.path))
    OrganisationSpan.objects.bulk_create([span_open(body, body.valid_from) for body in Organisation.objects.all()])


def test_anybody_finds_a_union_by_name_pinyin_or_code(client, findable, cast):
    url = reverse("organisations:organisation-search")

    assert "恒达精密工会" in client.get(url, {"q": "hdjm"}).text
    assert client.get(url, {"q": "恒达", "format": "json"}).json() == {
        "results": [{"id": cast.unit.public_id, "name": "恒达精密工会", "place": "苏州市 · 昆山市 · 玉山镇"}]
    }
    hits = client.get(url, {"q": cast.unit.code, "picker": "1"}, headers={"HX-Request": "true"}).text
    assert f'data-value="{cast.unit.public_id}"' in hits
    assert "没找到这个工会" in client.get(url, {"q": "不存在的"}).text
    assert client.get(url).status_code == 200


def test_the_card_of_a_union_says_whom_to_ask(client, findable, cast):
    url = reverse("organisations:organisation-detail", args=[cast.unit.public_id])

    assert "12351" in client.get(url).text
    actions.update_organisation(cast.county, by=None, phone="0512-57300000", contact="权益保障部")
    page = client.get(url).text

    assert "0512-57300000" in page
    assert "可以找上级：昆山市总工会" in page
    assert "给工会干部看的" not in page
    assert client.get(reverse("organisations:organisation-detail", args=["nothing"])).status_code == 404


def test_officers_see_figures_of_their_own_subtree_only(client_of, findable, cast):
    url = reverse("organisations:organisation-detail", args=[cast.unit.public_id])

    assert "给工会干部看的" in client_of(cast.handler).get(url).text
    assert "给工会干部看的" not in client_of(cast.sibling_handler).get(url).text
    assert "给工会干部看的" not in client_of(cast.wenjuan).get(url).text


def test_the_tree_begins_where_the_officer_stands(client_of, findable, cast):
    tree = reverse("organisations:organisation-tree")
    below = reverse("organisations:organisation-branches", args=[cast.county.public_id])

    page = client_of(cast.handler).get(tree).text
    assert "昆山市总工会" in page
    assert "玉山镇总工会" in page
    assert "太仓市总工会" not in page
    piece = client_of(cast.handler).get(below, headers={"HX-Request": "true"}).text
    assert "玉山镇总工会" in piece
    assert "<html" not in piece
    assert client_of(cast.sibling_handler).get(below).status_code == 403
    assert client_of(cast.wenjuan).get(tree).status_code == 403
    assert client_of(None).get(tree).status_code == 302


def test_contact_data_is_edited_by_who_may(client_of, findable, cast):
    url = reverse("organisations:organisation-edit", args=[cast.unit.public_id])
    form = {
        "short_name": "恒达",
        "phone": "0512-1",
        "contact": "",
        "hours": "",
        "email": "x",
        "address": "",
        "postcode": "",
    }

    editor = client_of(cast.handler)
    assert editor.post(url, form).status_code == 200  # no such e-mail address: the form comes back
    assert editor.post(url, form | {"email": ""}).status_code == 302
    assert Organisation.objects.get(pk=cast.unit.pk).phone == "0512-1"
    assert client_of(cast.sibling_handler).get(url).status_code == 403
    assert client_of(None).get(url).status_code == 302
