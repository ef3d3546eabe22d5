"""Cross-checks find what a person must look at, and nothing where there is nothing; forms are filled from the file."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document as WordDocument
from PIL import Image

from yiwang.net.cases.tests.factories import submit
from yiwang.net.catalogue.actions import load_seed
from yiwang.net.catalogue.queries import current_version
from yiwang.platform.files.actions import store_upload
from yiwang.platform.files.models import Document
from yiwang.platform.files.tests.test_images import picture_of_room
from yiwang.platform.rules.models import ParameterValue
from yiwang.platform.rules.queries import forget
from yiwang.register.access.models import Recusal
from yiwang.register.members.models import Person
from yiwang.rights.aid import actions
from yiwang.rights.aid.codes import Paper
from yiwang.rights.aid.errors import BadFact, WordsNeeded
from yiwang.rights.aid.formulas_files import first_digits_odd
from yiwang.rights.aid.models import AidFile, Application, Expense
from yiwang.rights.aid.signals import signs_at_hand
from yiwang.rights.aid.tests.factories import DAY, NOW, VISIT, applicant, filed, fill, make_file, visited

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 5)


def signals(file):
    return [str(signal) for signal, _detail in signs_at_hand(file, list(file.members.all()), ON)]


def another(cast, number, **more):
    person = Person.objects.create(
        name=f"邻居{number}", id_number=f"n{number}", id_hash=f"n{number}", realname_level=2, **more
    )
    return make_file(cast, applicant=person)


def test_an_ordinary_household_shows_nothing(cast):
    assert signals(fill(make_file(cast), cast.clerk)) == []


def test_a_soldier_and_a_pupil_of_the_wrong_age_are_shown(cast):
    file = fill(make_file(cast), cast.clerk)
    file.members.filter(relation="spouse").update(work_state="soldier")
    file.members.filter(relation="child").update(stage="compulsory", birth_date=dt.date(2001, 1, 1))

    assert signals(file) == ["status", "student"]


def test_one_telephone_for_three_households_is_shown(cast):
    same = {"phone": "13900099999", "phone_hash": "same"}
    Person.objects.filter(pk=cast.wenjuan_person.pk).update(**same)
    file = make_file(cast, applicant=Person.objects.get(pk=cast.wenjuan_person.pk))
    for number in (1, 2):
        assert "shared" not in signals(file)
        another(cast, number, **same)

    assert "shared" in signals(file)


def test_the_same_name_and_birthday_under_another_number_is_shown(cast):
    born = dt.date(1980, 3, 4)
    file, other = make_file(cast), another(cast, 1)
    for number, one in enumerate((applicant(file), applicant(other))):
        one.name, one.birth_date, one.id_hash = "周文娟", born, f"h{number}"
        one.save()
    file.members.update(id_hash="")
    assert signals(file) == []
    file.members.update(id_hash="h0")
    assert signals(file) == ["other_file"]
    other.members.update(birth_date=dt.date(1980, 3, 5))
    assert signals(file) == []


def test_a_declared_tie_to_an_officer_is_shown(cast):
    file = make_file(cast)
    Recusal.objects.create(user=cast.chair, person_id=cast.wenjuan_person.pk, reason="kinship", declared_by=cast.chair)

    assert signals(file) == ["relative"]


def test_three_visits_within_half_an_hour_are_shown(cast):
    file = visited(cast, make_file(cast))
    for number in (1, 2):
        assert signals(file) == []
        other = another(cast, number)
        actions.pass_base_review(other, by=cast.clerk)
        actions.record_visit(
            other, key=f"k{number}", by=cast.clerk, now=NOW + dt.timedelta(minutes=9 * number), **VISIT
        )

    assert signals(file) == ["visitor"]


def photo(visit, picture, *, by):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    upload = SimpleUploadedFile("家.jpg", out.getvalue(), content_type="image/jpeg")
    store_upload(upload, subject="aid_visit", subject_id=visit.pk, kind="photo", by=by, accept=("image",))


def test_a_photograph_of_another_households_visit_saved_smaller_is_shown(cast):
    mine, other = visited(cast, make_file(cast)), another(cast, 1)
    actions.pass_base_review(other, by=cast.clerk)
    seen = actions.record_visit(other, key="k9", by=cast.clerk, now=NOW - dt.timedelta(days=3), **VISIT)
    photo(seen, picture_of_room(), by=cast.clerk)
    assert signals(mine) == []
    visit = mine.visits.get()
    photo(visit, picture_of_room().transpose(Image.Transpose.FLIP_LEFT_RIGHT), by=cast.clerk)
    assert signals(mine) == []

    photo(visit, picture_of_room((400, 300), shade=9), by=cast.clerk)

    assert signals(mine) == ["visitor"]


def test_the_very_same_picture_in_requests_of_two_people_is_shown(cast):
    load_seed()
    version = current_version("HP-0001")
    file, cases = make_file(cast), [submit(version, cast.wenjuan_person) for _turn in range(2)]
    strange = submit(version, cast.stranger_person)
    Application.objects.create(case=cases[0], file=file, received_at=NOW)
    for case in cases:
        paper(case)
    assert signals(file) == []  # one's own, handed in again
    paper(strange)
    assert signals(file) == ["same_bill"]


def paper(case):
    Document.objects.create(
        subject="case", subject_id=case.pk, kind="papers", name="a.jpg", content_type="image/jpeg", size=1, sha256="a",
        state="ready", created_at=NOW,
    )  # fmt: skip


def test_who_found_everything_true_in_many_households_is_shown(cast):
    file = visited(cast, make_file(cast))
    first = file.visits.get()
    for number in range(19):
        assert signals(file) == []
        first.pk, first.public_id, first.key = None, f"v{number}", f"v{number}"
        first.recorded_at = NOW - dt.timedelta(days=number)
        first.save(force_insert=True)
    assert signals(file) == ["visitor"]
    file.visits.filter(key="v3").update(opinion="partly")
    assert signals(file) == []


def test_bills_of_a_union_that_no_shops_write_are_shown(cast):
    file = make_file(cast)
    me = applicant(file)
    bills = [Expense(member=me, bucket="medical", total=Decimal(100 * n), day=DAY) for n in range(1, 20)]
    Expense.objects.bulk_create(bills)
    assert signals(file) == []
    Expense.objects.create(member=me, bucket="medical", total=Decimal(2000), day=DAY)
    assert signals(file) == ["round"]

    Expense.objects.all().delete()
    Expense.objects.bulk_create(
        [Expense(member=me, bucket="medical", total=Decimal(f"{900 + n}.37"), day=DAY) for n in range(100)]
    )
    assert signals(file) == ["round"]


def test_first_digits_follow_the_law_in_a_growing_series_and_not_in_a_flat_one():
    growing = [Decimal(str(round(10 * 1.05**n, 2))) for n in range(150)]
    flat = [Decimal(900 + n) for n in range(99)] + [Decimal(950)]
    assert not first_digits_odd(growing, enough=100, chance=0.01)
    assert first_digits_odd(flat, enough=100, chance=0.01)
    assert not first_digits_odd(flat, enough=101, chance=0.01)  # too few to say


def test_the_chance_of_first_digits_is_that_of_the_tables_for_eight_degrees():
    """One in a hundred lies above 20.09: with 25 bills moved from the third digit to the ninth it is 18.9, with 26 20.4."""
    law = [301, 176, 125, 97, 79, 67, 58, 51, 46]

    def stray(by):
        counts = [*law[:8], law[8] + by]
        counts[2] -= by
        amounts = [Decimal(digit) for digit, count in enumerate(counts, start=1) for _n in range(count)]
        return first_digits_odd(amounts, enough=100, chance=0.01)

    assert [stray(by) for by in (0, 25, 26)] == [False, False, True]


def test_a_bound_of_a_sign_is_a_dated_figure_of_its_own(cast, request):
    request.addfinalizer(forget)
    file = visited(cast, make_file(cast))
    assert signals(file) == []

    ParameterValue.objects.filter(name="aid_many_visits").update(value=1)
    forget()

    assert signals(file) == ["visitor"]


def test_years_on_file_in_one_class_ask_why(cast):
    file = filed(cast)
    AidFile.objects.update(filed_on=dt.date(2023, 11, 6))
    file.refresh_from_db()
    assert signals(file) == []
    file.filed_on = dt.date(2023, 11, 5)
    assert signals(file) == ["warning"]
    last = file.decisions.get()
    last.pk, last.public_id, last.decided_class = None, "other", "relative"
    last.save(force_insert=True)
    assert signals(file) == []


def test_the_same_amount_month_after_month_asks_why(cast):
    file = make_file(cast)
    for month in range(1, 7):
        assert signals(file) == []
        actions.write_month(file, month=dt.date(2026, month, 1), net=Decimal(1300), by=cast.clerk)

    assert signals(file) == ["warning"]
    actions.write_month(file, month=dt.date(2026, 6, 1), net=Decimal("1300.01"), by=cast.clerk)
    assert signals(file) == []


def test_just_below_the_line_asks_for_a_second_reader(cast):
    file = fill(make_file(cast), cast.clerk)
    line = signs_line(file)
    assert "threshold" not in signals(file)
    for member in file.members.all():
        member.expenses.update(is_void=True)
    actions.set_income(applicant(file), kind="wage_net", amount=line, months=0, by=cast.clerk)
    file.members.update(employed_months=0)

    assert "threshold" in signals(file)


def signs_line(file):
    """A yearly income that leaves each of the three half a percent below the line."""
    from yiwang.rights.aid.assessment import assess  # noqa: PLC0415 -- slow import
    from yiwang.rights.aid.queries import household_of  # noqa: PLC0415 -- slow import

    proposal = assess(household_of(file, on=ON), ON)
    return Decimal(proposal.line * 995 // 1000 * 36) / 100


def test_the_platforms_report_becomes_signs(cast):
    file = visited(cast, make_file(cast))
    with pytest.raises(WordsNeeded):
        actions.record_report(file, number="HD1", day=DAY, matches=["homes"], words="", by=cast.handler, now=NOW)
    with pytest.raises(BadFact):
        actions.record_report(
            file, number="HD1", day=dt.date(2027, 1, 1), matches=[], words="", by=cast.handler, now=NOW
        )

    actions.record_report(
        file, number="HD1", day=DAY, matches=["homes", "balances"], words="两套房", by=cast.handler, now=NOW
    )

    file.refresh_from_db()
    assert file.report_number == "HD1"
    assert set(file.findings.values_list("signal", flat=True)) == {"homes", "balances"}


@pytest.mark.parametrize("form", Paper.values)
def test_every_form_is_filled_from_the_file(client_of, cast, form):
    file = filed(cast)
    address = reverse("aid:file-form", args=[file.public_id, form])

    answer = client_of(cast.handler).get(address)

    text = "\n".join(
        cell.text
        for table in WordDocument(io.BytesIO(answer.content)).tables
        for row in table.rows
        for cell in row.cells
    )
    assert cast.unit.name in text
    assert cast.wenjuan_person.id_number not in text
    assert client_of(cast.sibling_handler).get(address).status_code == 404
    assert AidFile.objects.count() == 1


def test_the_return_tells_each_share_with_its_parts_and_hides_small_counts(client_of, cast):
    filed(cast)
    address = reverse("aid:figures")

    county = client_of(cast.handler).get(address)
    above = client_of(cast.city_handler).get(address)
    sheet = client_of(cast.handler).get(address, {"csv": "1"}).text

    def values(page):
        return {line.label: line.value for group in page.context["groups"] for line in group.lines}

    assert values(county)["在档户数"] == "1"
    assert values(county)["在档：深度困难"] == "1"
    assert values(above)["在档户数"] == "1-4"
    assert values(above)["动态脱困率"] == "0.0%" or values(above)["动态脱困率"] == "*"
    assert "在档,在档户数,1" in sheet
    assert client_of(cast.wenjuan).get(address).status_code == 403
