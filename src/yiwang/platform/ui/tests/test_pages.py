import pytest
from django import forms
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.urls import reverse

from yiwang.platform.ui import icons, middleware, pages, views
from yiwang.platform.ui.samples.desk import MatterTable
from yiwang.platform.ui.samples.gallery import PARTS
from yiwang.platform.ui.templatetags import yw
from yiwang.register.accounts.models import User

SOME_PAGES = ["/ui/", "/ui/offline/", "/ui/print/", "/ui/ask/"]


@pytest.fixture
def ann(db):
    return User.objects.create_user("13800000001", name="周文娟")


def draw(source, **context):
    return Template("{% load yw %}" + source).render(Context(context))


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_part_is_shown_in_both_languages(client, part, language):
    answer = client.get(reverse("ui:part", args=[part.key]), headers={"accept-language": language})

    assert answer.status_code == 200
    assert 'lang="zh-Hans"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", SOME_PAGES)
def test_pages_draw_each_icon_once_and_hold_nothing_inline(client, path):
    html = client.get(path).content.decode()

    used = set(icons._USE.findall(html))
    drawn = [name for name, _body in icons._SYMBOL.findall(html)]
    assert sorted(used) == drawn
    assert "yw-sprite" not in html
    assert "style=" not in html


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client):
    policy = client.get("/ui/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_parts_and_errors_that_do_not_exist_are_not_found(client):
    assert client.get("/ui/parts/nothing/").status_code == 404
    assert client.get("/ui/errors/418/").status_code == 404
    assert client.get("/ui/errors/404/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("code", views.CODES)
def test_an_error_page_says_what_to_do(client, code):
    html = client.get(f"/ui/errors/{code}/").content.decode()

    assert "12351" in html
    assert html.count("<h1") == 1


def test_a_missing_page_looks_like_ours(client, db):
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_too_much_is_said_as_such():
    request = RequestFactory().post("/")

    assert views.bad_request(request, RequestDataTooBig()).status_code == 413
    assert views.bad_request(request, SuspiciousOperation()).status_code == 400


@pytest.mark.django_db
def test_the_service_worker_covers_the_whole_site(client, monkeypatch, tmp_path):
    monkeypatch.setattr(views, "WORKER", tmp_path / "worker.js")
    assert client.get("/ui/worker.js").status_code == 404

    (tmp_path / "worker.js").write_text("//")
    answer = client.get("/ui/worker.js")

    assert answer["Service-Worker-Allowed"] == "/"
    assert b"".join(answer.streaming_content) == b"//"


@pytest.mark.django_db
def test_elder_mode_is_kept_in_a_cookie_and_turned_off_again(client):
    on = client.post("/ui/elder/", {"elder": "1", "next": "/ui/"})
    elder = client.get("/ui/").content.decode()
    client.post("/ui/elder/", {"elder": "0", "next": "/ui/"})

    assert (on.status_code, on.url) == (302, "/ui/")
    assert 'data-mode="elder"' in elder
    assert 'data-mode="elder"' not in client.get("/ui/").content.decode()


def test_elder_mode_and_language_are_kept_in_the_account(client, ann):
    client.force_login(ann)

    client.post("/ui/elder/", {"elder": "1"})
    client.post("/ui/language/", {"language": "en"})

    ann.refresh_from_db()
    assert (ann.elder_mode, ann.language) == (True, "en")
    assert 'data-mode="elder"' in client.get("/ui/").content.decode()


@pytest.mark.django_db
def test_the_language_is_switched_by_a_cookie(client):
    client.post("/ui/language/", {"language": "en", "next": "/ui/"})
    english = client.get("/ui/").content.decode()
    unknown = client.post("/ui/language/", {"language": "xx"})

    assert '<html lang="en"' in english
    assert "django_language" not in unknown.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_switch_never_leads_to_another_site(client, target):
    assert client.post("/ui/elder/", {"elder": "1", "next": target}).url == "/"


@pytest.mark.django_db
def test_switches_want_a_post(client):
    assert client.get("/ui/elder/").status_code == 405
    assert client.get("/ui/language/").status_code == 405


@pytest.mark.django_db
def test_chosen_columns_are_kept_for_the_session(client):
    client.post("/ui/columns/", {"table": "matters", "column": ["state"], "next": "/ui/parts/table/"})
    html = client.get("/ui/parts/table/").content.decode()

    assert "调解中" in html
    assert "写明逾期原因" not in html


@pytest.mark.django_db
def test_the_picker_and_the_forms_of_the_living_page_answer(client):
    hits = client.get("/ui/org-search/?q=恒达", headers={"hx-request": "true"}).content.decode()
    echo = client.post("/ui/echo/", follow=True)

    assert hits.count('role="option"') == 3
    assert "样品页不存任何内容" in echo.content.decode()
    assert "没找到" in client.get("/ui/org-search/?q=没有的").content.decode()


class Htmx:
    def __init__(self, *, boosted=False, restore=False):
        self.boosted = boosted
        self.history_restore_request = restore


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("htmx", "is_piece"),
    [(None, False), (Htmx(), True), (Htmx(boosted=True), False), (Htmx(restore=True), False)],
)
def test_a_piece_is_answered_to_htmx_only(rf, ann, htmx, is_piece):
    request = rf.get("/ui/parts/table/")
    request.htmx, request.user, request.session = htmx, ann, {}

    answer = pages.page(
        request, "ui/living/parts/table.html", {"table": MatterTable(request, User.objects.none())}, part="panel"
    )

    assert answer.headers.get("Cache-Control") == ("no-store" if is_piece else None)
    assert answer["Vary"] == "HX-Request"


def test_a_swapped_fragment_carries_its_drawings(rf):
    html = yw.icon("aid")

    def view(request):
        return HttpResponse(html)

    swapped = middleware.PageMiddleware(view)(rf.get("/", headers={"hx-request": "true"}))
    plain = middleware.PageMiddleware(view)(rf.get("/"))

    assert b"<path" in swapped.content
    assert b"<use " not in swapped.content
    assert plain.content.decode() == html


def test_other_answers_are_left_as_they_are(rf):
    def view(request):
        return HttpResponse(icons.SPRITE_PLACE, content_type="text/plain")

    assert middleware.PageMiddleware(view)(rf.get("/")).content.decode() == icons.SPRITE_PLACE


def test_an_icon_nobody_drew_is_an_error():
    assert 'href="#i-aid"' in yw.icon("aid", 16, "t-ok")
    with pytest.raises(TemplateSyntaxError, match="no-such"):
        yw.icon("no-such")


def test_capture_wants_a_name():
    assert draw("{% capture as x %} a {% endcapture %}[{{ x }}]") == "[a]"
    with pytest.raises(TemplateSyntaxError):
        draw("{% capture x %}{% endcapture %}")


def test_texts_are_filters_and_tags():
    assert draw("{{ x|number }} {% number x %}", x=1000) == "1,000 1,000"
    assert draw("{{ x|masked_phone }} {{ y|masked_phone }}", x="13912345520", y="") == "139****5520 —"
    assert draw("{{ x|masked_name }} {{ y|masked_id }}{{ y|masked_name }}", x="周文娟", y="") == "周** ——"
    assert draw("{{ x|masked_id }}", x="320583198306052846") == "320***********2846"
    assert draw("{{ x|dash }}{{ y|dash }}{{ z|dash }}", x=0, y="", z=None) == "0——"
    assert draw("{{ x|money }}", x=1) == "1.00元"
    assert draw("{{ x|due_day }}", x=None) == "—"


def test_a_missing_build_still_gives_an_address(monkeypatch):
    yw._fingerprint.cache_clear()
    monkeypatch.setattr(yw.finders, "find", lambda name: None)

    assert yw.asset("yw.css") == "/static/yw/yw.css"
    yw._fingerprint.cache_clear()


class SomeForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="照证件写")
    nick = forms.CharField(label="小名", required=False)
    who = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="同意")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    paper = forms.FileField(required=False)
    month = forms.DateField(widget=forms.SelectDateWidget, required=False)


def test_a_field_says_label_hint_and_error_in_this_order():
    html = draw("{% field f.name %}", f=SomeForm({}))

    assert html.index("姓名") < html.index("照证件写") < html.index("emsg") < html.index("<input")
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="inp err"' in html


def test_optional_is_marked_and_required_is_not():
    assert "可不填" in draw("{% field f.nick %}", f=SomeForm())
    assert "可不填" not in draw("{% field f.name %}", f=SomeForm())


def test_groups_are_cards_in_a_fieldset_that_the_summary_links_to():
    form = SomeForm({"name": "甲"})

    group = draw("{% field f.who %}", f=form)
    summary = draw("{% error_summary f %}", f=form)

    assert '<fieldset class="field has-err" id="id_who_set"' in group
    assert group.count('class="choice"') == 2
    assert 'href="#id_who_set"' in summary
    assert "有2处要改" in summary


def test_nothing_chosen_yet_is_said_in_words():
    dashes = [("", "---------"), ("a", "甲<乙")]
    for required, words in ((True, "请选择"), (False, "不选")):
        form = type("F", (forms.Form,), {"one": forms.ChoiceField(choices=dashes, required=required)})()
        drawn = draw("{% field f.one %}", f=form)
        assert f'<option value="" selected>{words}</option>' in drawn
        assert "甲&lt;乙" in drawn


def test_the_summary_is_silent_without_errors_and_tells_what_belongs_to_no_field():
    form = SomeForm({})
    form.add_error(None, "这份申请已经交过了。")

    assert "<li>这份申请已经交过了。</li>" in draw("{% error_summary f %}", f=form)
    assert draw("{% error_summary f %}", f=SomeForm()).strip() == ""
    assert draw("{% error_summary f %}", f=None).strip() == ""


def test_boxes_files_sets_and_hidden_fields_take_their_shape():
    form = SomeForm()

    assert 'class="chk"' in draw("{% field f.agree %}", f=form)
    assert "data-files" in draw("{% field f.paper %}", f=form)
    assert draw("{% field f.secret %}", f=form) == '<input type="hidden" name="secret" id="id_secret">'
    assert "id_month_set" in draw("{% field f.month %}", f=form)


def test_a_repair_is_offered_where_it_can_be_guessed():
    form = SomeForm({})
    form.repairs = {"name": ("周文娟", "是周文娟？点这里改成它")}

    html = draw("{% field f.name %}", f=form)

    assert 'data-fill="#id_name"' in html
    assert 'data-value="周文娟"' in html


def test_changing_an_answer_is_linked_only_where_it_can_be_changed():
    groups = [("家里", [("姓名", "周文娟", "name"), ("号码", "", "number")])]

    html = draw("{% check_answers groups urls %}", groups=groups, urls={"name": "/name/"})

    assert html.count("<a ") == 1
    assert "—" in html
    assert draw("{% check_answers groups %}", groups=groups).count("<a ") == 0


def test_an_address_that_only_takes_posts_says_what_to_do_when_it_is_opened(client):
    answer = client.get("/ui/language/")

    assert answer.status_code == 405
    assert "退回上一页" in answer.text
