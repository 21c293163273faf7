"""The layout of graphs: no two nodes meet, everything is inside the picture, groups stay together."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from netprobe.report.run_page.ring import MARGIN, place_on_ring

HEIGHT = 46.0
GROUPS = st.lists(st.lists(st.floats(64, 260), min_size=1, max_size=9), min_size=1, max_size=7)


@given(GROUPS)
def test_no_two_nodes_come_nearer_than_their_margin(groups):
    ring = place_on_ring(groups, HEIGHT)
    assert [spot.width for spot in ring.spots] == [width for group in groups for width in group]
    for one, other in itertools.combinations(ring.spots, 2):
        assert not one.meets(other, MARGIN * 0.99)


@given(GROUPS)
def test_every_node_is_inside_the_picture(groups):
    ring = place_on_ring(groups, HEIGHT)
    for spot in ring.spots:
        assert spot.width / 2 <= spot.x <= ring.width - spot.width / 2
        assert spot.height / 2 <= spot.y <= ring.height - spot.height / 2


@given(GROUPS)
def test_groups_stand_one_behind_the_other(groups):
    ring = place_on_ring(groups, HEIGHT)
    angles = [spot.angle for spot in ring.spots]
    assert angles == sorted(angles)
    assert len(set(angles)) == len(angles)


def test_one_node_and_none():
    (spot,) = place_on_ring([[100.0]], HEIGHT).spots
    assert (spot.x, spot.y) == (50 + 2 * MARGIN, HEIGHT / 2 + 2 * MARGIN)
    assert place_on_ring([], HEIGHT).spots == ()
