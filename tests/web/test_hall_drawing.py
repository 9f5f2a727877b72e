import itertools

from hypothesis import given
from hypothesis import strategies as st

from karez.domain.ids import ChuteId
from karez.web.doors import ChuteView, InductionView, PlanView
from karez.web.hall_drawing import HEIGHT, WIDTH, draw
from web.fake_day import plan_view


def test_chutes_stand_in_the_order_a_carrier_passes_them_half_on_each_side():
    drawing = draw(plan_view(40))
    assert [place.view.id for place in drawing.chutes] == [f"K{number:02d}" for number in range(1, 41)]
    assert [place.down for place in drawing.chutes] == [False] * 20 + [True] * 20


def test_no_two_chutes_overlap_and_all_stand_inside_the_drawing():
    drawing = draw(plan_view(40))
    for down in (False, True):
        row = sorted((place for place in drawing.chutes if place.down is down), key=lambda place: place.x)
        assert all(left.x + left.width < right.x for left, right in itertools.pairwise(row))
        assert row[0].x > 0
        assert row[-1].x + row[-1].width < WIDTH
        assert all(0 < place.y < HEIGHT for place in row)


def test_a_carrier_passes_each_chute_in_the_drawing_when_it_really_does():
    drawing = draw(plan_view(12))
    pairs = dict(drawing.stretch)
    assert all(round(place.view.position or 0, 5) in pairs for place in drawing.chutes)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=50), st.integers(0, 4))
def test_the_stretch_ascends_from_scan_point_to_scan_point_for_any_plan(positions: list[float | None], count: int):
    chutes = [ChuteView(ChuteId(f"K{n}"), position=position) for n, position in enumerate(positions)]
    plan = PlanView("any", chutes, [InductionView(f"I{n}") for n in range(count)])
    stretch = draw(plan).stretch
    assert stretch[0][0] == 0.0
    assert stretch[-1][0] == 1.0
    assert abs(stretch[-1][1] - stretch[0][1] - 1.0) < 1e-9
    for (true0, drawn0), (true1, drawn1) in itertools.pairwise(stretch):
        assert true0 < true1
        assert drawn0 < drawn1
