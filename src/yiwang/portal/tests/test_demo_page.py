import pytest

pytestmark = pytest.mark.django_db


def test_a_persona_is_stepped_into_from_this_machine(cast, client):
    assert "周文娟" in client.get("/demo/").text

    answer = client.post("/demo/", {"persona": "chair"})

    assert answer["Location"] == "/work/"
    assert client.get("/me/").context["user"] == cast.chair


def test_without_demo_data_the_page_says_how_to_get_it(client):
    assert "yiwang demo" in client.get("/demo/").text


@pytest.mark.parametrize("persona", ["nobody", "leader"])
def test_a_persona_that_is_not_there_is_not_found(client, persona):
    assert client.post("/demo/", {"persona": persona}).status_code == 404


@pytest.mark.parametrize("where", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}])
def test_from_elsewhere_there_is_no_such_page(cast, client, where):
    assert client.get("/demo/", **where).status_code == 404
    assert client.post("/demo/", {"persona": "admin"}, **where).status_code == 404


def test_outside_demo_mode_there_is_no_such_page(cast, client, settings):
    settings.DEMO = False

    assert client.get("/demo/").status_code == 404
