"""Bodies above look at new files again; the household answers what it is asked; the state's help is asked and answers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from yiwang.kernel import clock
from yiwang.rights.aid import actions, errors, policies, queries_sampling
from yiwang.rights.aid.actions.sampling import picked
from yiwang.rights.aid.formulas_files import part_of
from yiwang.rights.aid.models import AidFile, Finding, Grant, Referral, Sample
from yiwang.rights.aid.tests.factories import NOW, at_opinion, filed, fill, make_file

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)
AGREE = {"papers_agree": True, "household_agrees": True, "reckoning_agrees": True}


def url(name, *args):
    return reverse(f"aid:{name}", args=args)


def drawn(cast):
    return actions.draw_samples(cast.city, by=cast.supervisor, now=LATER)


def test_a_file_with_much_money_or_a_sign_is_always_looked_at(cast):
    file = filed(cast)
    assert [sample.why for sample in drawn(cast)] == ["large"]
    numbers = [file.pk]
    Grant.objects.update(payable=Decimal(100))
    assert (queries_sampling.large(numbers, NOW.date()), queries_sampling.flagged(numbers)) == (set(), set())
    assert [why for _file, why in picked([file], "seed", NOW.date())] == ["random"]
    Finding.objects.filter(file=file).delete()
    Finding.objects.create(
        file=file, signal="homes", detail="两套", outcome="counts", words="属实", found_at=NOW,
        resolved_by=cast.handler, resolved_at=NOW,
    )  # fmt: skip
    assert [why for _file, why in picked([file], "seed", NOW.date())] == ["flagged"]


def test_a_part_of_the_others_is_picked_by_lot_and_the_seed_picks_the_same_again(cast):
    files = [AidFile(pk=n, number=f"{n:06}") for n in range(1, 101)]
    first = [file.pk for file, _why in picked(files, "seed", NOW.date())]

    assert len(first) == 5
    assert first == [file.pk for file, _why in picked(list(files), "seed", NOW.date())]
    assert first != [file.pk for file, _why in picked(files, "another", NOW.date())]
    assert [part_of(count, 5) for count in (0, 1, 20, 21)] == [0, 1, 1, 2]


def test_a_draw_covers_the_days_before_it_and_none_twice(cast):
    file = filed(cast)
    with pytest.raises(errors.NothingToDraw):
        actions.draw_samples(cast.city, by=cast.supervisor, now=NOW)  # filed on this very day
    assert len(drawn(cast)) == 1
    with pytest.raises(errors.NothingToDraw):
        drawn(cast)
    assert queries_sampling.to_look_at(cast.province, LATER.date()).get() == file  # the province has not drawn


def test_what_agrees_is_taken_into_the_books_and_counts_for_precision(cast):
    file = filed(cast)
    assert not queries_sampling.to_record(cast.city).exists()
    (sample,) = drawn(cast)
    assert actions.record_files(cast.city, by=cast.supervisor, now=LATER) == 0  # the look is still to come
    with pytest.raises(errors.WordsNeeded):
        actions.check_sample(sample, **AGREE, words=" ", by=cast.supervisor)
    for had_part in (cast.clerk, cast.handler, cast.approver):  # visited, reckoned, decided
        with pytest.raises(errors.WrongPerson):
            actions.check_sample(sample, **AGREE, words="看过", by=had_part)

    actions.check_sample(sample, **AGREE, words="原件都在", by=cast.supervisor, now=LATER)

    counts = queries_sampling.sample_counts(Sample.objects.all())
    assert counts == {"drawn": 1, "checked": 1, "confirmed": 1}
    assert actions.record_files(cast.city, by=cast.supervisor, now=LATER) == 1
    file.refresh_from_db()
    assert file.recorded_on == LATER.date()


def test_what_does_not_agree_is_a_finding_of_the_countys(cast):
    file = filed(cast)
    (sample,) = drawn(cast)
    actions.check_sample(sample, **{**AGREE, "papers_agree": False}, words="票据少一张", by=cast.supervisor, now=LATER)

    finding = file.findings.get(resolved_at=None)
    assert (finding.signal, finding.detail) == ("sampled", "苏州市总工会抽查：票据少一张")
    assert not sample.is_confirmed
    assert actions.record_files(cast.city, by=cast.supervisor, now=LATER) == 0
    actions.resolve_finding(finding, outcome="corrected", words="补上了", by=cast.handler)
    assert actions.record_files(cast.city, by=cast.supervisor, now=LATER) == 1


def test_the_way_over_the_pages(client_of, cast):
    file = filed(cast)
    AidFile.objects.update(filed_on=clock.today() - dt.timedelta(days=2))
    desk = client_of(cast.supervisor)
    with override("zh-hans"):
        assert url("sample-list") in desk.get(url("file-list")).text
        assert "还没有抽过" in desk.get(url("sample-list")).text
        assert "抽出1户来看" in desk.post(url("sampling-act", "draw"), follow=True).text
        assert "还没有新建的档案" in desk.post(url("sampling-act", "draw"), follow=True).text
        sample = Sample.objects.get()
        page = desk.get(url("sample-detail", sample.public_id)).text
        assert "12,080.00" in page
        given = {"papers_agree": "yes", "household_agrees": "yes", "reckoning_agrees": "yes", "words": "看过"}
        assert desk.post(url("sample-detail", sample.public_id), {**given, "words": ""}).status_code == 200
        assert desk.post(url("sample-detail", sample.public_id), {**given, "words": " "}).status_code == 200
        desk.post(url("sample-detail", sample.public_id), given)
        assert "抽查结果" in desk.get(url("sample-detail", sample.public_id)).text
        assert "已经看过了" in desk.post(url("sample-detail", sample.public_id), given, follow=True).text
        assert "1户备了案" in desk.post(url("sampling-act", "record"), follow=True).text
        figures = desk.get(url("figures")).text
        assert "识别精准率" in figures
    assert desk.post(url("sampling-act", "nonsense")).status_code == 404
    file.refresh_from_db()
    assert file.recorded_on == clock.today()


def test_only_bodies_above_the_county_look_again(client_of, cast):
    filed(cast)
    (sample,) = drawn(cast)
    assert policies.looking_bodies(cast.handler) == []
    county = client_of(cast.handler)
    assert county.get(url("sample-list")).status_code == 403
    assert county.get(url("sample-detail", sample.public_id)).status_code == 404
    assert client_of(cast.city_handler).get(url("sample-detail", sample.public_id)).status_code == 200
    assert client_of(cast.city_handler).post(url("sampling-act", "draw")).status_code == 403
    assert client_of(cast.province_handler).get(url("sample-detail", sample.public_id)).status_code == 404


# ---- the household explains ----


def asked(cast):
    file = at_opinion(cast, fill(make_file(cast), cast.clerk))
    with pytest.raises(errors.WordsNeeded):
        actions.ask_explanation(file, reason=" ", by=cast.handler)
    actions.ask_explanation(file, reason="工资和参保基数差得多", by=cast.handler, now=NOW)
    file.refresh_from_db()
    return file


def test_a_household_reads_what_is_asked_and_answers_on_its_phone(client_of, cast):
    phone = client_of(cast.wenjuan)
    assert phone.get(url("own-explain")).status_code == 404
    file = asked(cast)
    assert file.explain_by == dt.date(2026, 11, 19)  # ten working days
    with override("zh-hans"):
        assert "有一处要你说明" in phone.get(url("own-file")).text
        assert "工资和参保基数差得多" in phone.get(url("own-explain")).text
        assert phone.post(url("own-explain"), {"words": ""}).status_code == 200
        phone.post(url("own-explain"), {"words": "三月起厂里停工，只发生活费"})
        page = client_of(cast.handler).get(url("file-detail", file.public_id)).text
    file.refresh_from_db()
    assert (file.state, file.explanation) == ("base_opinion", "三月起厂里停工，只发生活费")
    assert "三月起厂里停工" in page
    assert phone.get(url("own-explain")).status_code == 404


def test_days_without_an_answer_bring_the_file_back_with_a_sign_and_refuse_nobody(cast):
    file = asked(cast)
    last = dt.datetime(2026, 11, 19, 10, 0, tzinfo=dt.UTC)
    assert actions.sweep_explanations(last) == 0
    assert actions.sweep_explanations(last + dt.timedelta(days=1)) == 1
    assert actions.sweep_explanations(last + dt.timedelta(days=1)) == 0

    file.refresh_from_db()
    assert (file.state, file.closed_on) == ("base_opinion", None)
    assert "没有答复" in file.findings.get(resolved_at=None).detail
    with pytest.raises(errors.WordsNeeded):
        actions.answer_explanation(file, reason="", by=cast.handler)


# ---- the state's own help ----


def test_a_household_is_shown_to_civil_affairs_once_and_the_answer_is_kept(client_of, cast):
    file = filed(cast)
    desk, at = client_of(cast.handler), file.public_id
    with override("zh-hans"):
        assert "记下民政的答复" not in desk.get(url("file-detail", at)).text
        given = {"to": "dibao", "words": "玉山镇民政办小王"}
        desk.post(url("file-act", at, "refer"), given)
        assert "民政还没有答复" in desk.post(url("file-act", at, "refer"), given).text
        assert "等民政答复" in desk.get(url("file-detail", at)).text
        answer = {"to": "tekun", "outcome": "accepted", "words": ""}
        assert "没有等着" in desk.post(url("file-act", at, "referred"), answer).text
        desk.post(url("file-act", at, "referred"), {**answer, "to": "dibao", "words": "12月起"})
    referral = Referral.objects.get()
    assert (referral.outcome, referral.answer, referral.sent_by) == ("accepted", "12月起", cast.handler)
    actions.refer_file(file, to="dibao", words="第二次", by=cast.handler)  # answered: it may be asked again
    with pytest.raises(errors.WordsNeeded):
        actions.refer_file(file, to="temporary", words=" ", by=cast.handler)


def test_what_does_not_fit_in_a_report_is_chosen_on_the_page(client_of, cast):
    file = at_opinion(cast, fill(make_file(cast), cast.clerk))
    given = {"number": "HD-1", "day": NOW.date().isoformat(), "odd": ["homes"], "words": "两套房"}
    client_of(cast.handler).post(url("file-act", file.public_id, "report"), given)
    assert file.findings.get(resolved_at=None).signal == "homes"
