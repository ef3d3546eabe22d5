import pytest

from yiwang.net.catalogue.formulas import is_in_region, region_prefix, regions_of


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("320000", "32"),
        ("320500", "3205"),
        ("321000", "3210"),
        ("320583", "320583"),
        ("320583100", "320583100"),
        ("320583100000", "320583100"),
        ("320583100201", "320583100201"),
        ("320583000000", "320583"),
    ],
)
def test_the_codes_below_a_region_begin_with_its_own(code, prefix):
    assert region_prefix(code) == prefix


@pytest.mark.parametrize(
    ("place", "region", "is_in"),
    [
        ("320583100201", "320583", True),
        ("320583100201", "320500", True),
        ("320583100201", "320000", True),
        ("320585100", "320583", False),
        ("321001", "320000", True),
        ("320583", "320583100", False),
        ("", "320583", False),
        ("320583", "", False),
    ],
)
def test_a_place_is_in_its_regions_and_no_other(place, region, is_in):
    assert is_in_region(place, region) is is_in


def test_the_bodies_around_a_place_by_their_codes():
    assert regions_of("320583100201") == ["320583100201", "320583100", "320583", "320500", "320000"]
    assert regions_of("320583") == ["320583", "320500", "320000"]
    assert regions_of("32") == []
