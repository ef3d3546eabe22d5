import pytest

from yiwang.platform.ui import charts, maps, weave
from yiwang.platform.ui.clockface import ClockFace
from yiwang.platform.ui.parts import BallotQuestion, Band, Contestant, Mark, Scale, StripCell


@pytest.mark.parametrize(
    ("used", "total", "percent", "dashes"),
    [(0, 10, 0, "0.00 50.27"), (5, 10, 50, "25.14 50.27"), (12, 10, 100, "50.27 50.27"), (1, 0, 100, "50.27 50.27")],
)
def test_the_ring_shows_the_share_of_time_used(used, total, percent, dashes):
    face = ClockFace("run", used, total, "还剩")

    assert (face.percent, face.dashes) == (percent, dashes)


def test_one_code_gives_one_cloth_whatever_its_dashes():
    assert weave.cloth("7KQM-2DXF") == weave.cloth("7kqm2dxf")
    assert weave.cloth("7KQM-2DXF") != weave.cloth("7KQM-2DXG")
    assert len(weave.cloth("x")) == 200


def test_the_thread_on_top_is_drawn_last():
    first = weave.over_under("x")[0][0]

    assert weave.cloth("x")[1][4] == ("warp" if first else "weft")


@pytest.mark.parametrize(
    ("largest", "top"), [(2960, 4000), (3, 4), (0, 4), (1, 1), (10, 10), (9, 10), (70, 80), (0.03, 0.04)]
)
def test_a_scale_ends_at_a_round_number_above_the_largest(largest, top):
    assert charts.nice_top(largest) == pytest.approx(top)


def test_lines_run_through_what_is_known_and_their_labels_keep_apart():
    chart = charts.LineChart(
        "",
        ["1", "2", "3"],
        [charts.Series("甲", [1, None, 3]), charts.Series("乙", [1, 2, 3]), charts.Series("空", [None] * 3)],
    )

    (_one, points, x, _y, label), (_two, _points, _x, _y2, other) = chart.lines

    assert len(points.split()) == 2
    assert float(x) == 360
    assert float(other) - float(label) >= 12
    assert chart.rows == [("1", ["1", "1", "—"]), ("2", ["—", "2", "—"]), ("3", ["3", "3", "—"])]
    assert [words for _y, words in chart.grid] == ["0", "1", "2", "3", "4"]
    assert charts.LineChart("", [], []).lines == []


def test_bars_never_leave_their_frame():
    assert charts.Bar("", 1.4, "").width == "100.0%"
    assert charts.Bar("", 0.5, "", target=0.25, full=2).target_x == "25.0%"
    assert charts.Bar("", 0.5, "", full=2).full_width == "100.0%"


def test_dots_below_the_target_are_marked():
    spread = charts.Spread([90, 96], mean=93, low=88, high=100, target=95)

    assert spread.dots == [("16.7%", True), ("66.7%", False)]
    assert (spread.mean_x, spread.target_x) == ("41.7%", "58.3%")


def test_a_rung_shows_what_is_lost():
    rung = charts.Rung("单位已建会", "104.19", 0.925, 0.075)

    assert (rung.width, rung.lost_width, rung.percent) == ("92.5%", "7.5%", "92.5%")


def test_the_map_has_thirteen_cities_inside_its_frame():
    cities = maps.cities()

    assert len(cities) == 13
    assert all(0 < float(city.x) < maps.WIDTH and 0 < float(city.y) < maps.HEIGHT for city in cities.values())
    assert all(city.path.startswith("M") and city.path.endswith("Z") for city in cities.values())
    assert maps.Shade(cities["320500"], "d1", "95").short == "苏州"


def test_the_centre_of_a_square_is_its_middle():
    assert maps.centre([(0, 0), (2, 0), (2, 2), (0, 2)]) == (1, 1)


def test_a_scale_lays_its_bands_end_to_end_and_keeps_labels_inside():
    scale = Scale(
        "",
        [Band(0.4, "a", "deep"), Band(1, "b", "out")],
        [Mark(0.05, "x", "value"), Mark(0.95, "y"), Mark(0.5, "z", "declared"), Mark(7, "far")],
    )

    assert [(x, width) for _band, x, width, _text in scale.stretches] == [("0.0%", "40.0%"), ("40.0%", "60.0%")]
    assert [mark.anchor for mark in scale.marks] == ["start", "end", "middle", "end"]
    assert scale.marks[3].x == "100.0%"
    assert [mark.label for mark in scale.above] == ["x"]
    assert [mark.label for mark in scale.below] == ["y", "z", "far"]


def test_strip_cells_ballots_and_marks_know_how_they_are_drawn():
    assert StripCell("1", "逾期", clock="over").face.state == "over"
    assert StripCell("1", "逾期").face is None
    assert BallotQuestion("q", "", "", []).input_type == "radio"
    assert BallotQuestion("q", "", "", [], most=2).input_type == "checkbox"
    assert Contestant("", "", "", [], lost=[4.8, 9.6]).segments == [("0.00%", "10.00%", 1), ("10.00%", "20.00%", 2)]
