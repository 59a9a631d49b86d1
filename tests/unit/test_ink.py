"""Strokes as bytes (FOLD-40)."""

from random import Random

import pytest
from tablecloth.core.ink import Point, decode_points, encode_points

EDGE = 2_000_000_000


@pytest.mark.parametrize("seed", range(20))
def test_a_stroke_comes_back_as_it_was_drawn(seed: int) -> None:
    print(f"seed {seed}")
    random = Random(seed)
    reach = random.choice([3, 100, 70_000, 10**9])
    points = [
        (random.randint(-reach, reach), random.randint(-reach, reach), random.randrange(256))
        for _ in range(200)
    ]

    assert decode_points(encode_points(points)) == points


def test_a_hand_that_moves_little_costs_three_bytes_a_point() -> None:
    points = [(place, -place // 2, 128) for place in range(1000)]

    assert len(encode_points(points)) == 3000


@pytest.mark.parametrize("point", [(EDGE, 0, 0), (0, -EDGE, 0)])
def test_the_edge_of_the_world_can_be_drawn(point: Point) -> None:
    assert decode_points(encode_points([point])) == [point]


@pytest.mark.parametrize("point", [(EDGE + 1, 0, 0), (0, -EDGE - 1, 0)])
def test_what_lies_beyond_it_cannot(point: Point) -> None:
    assert decode_points(encode_points([point])) is None


def test_steps_may_not_add_up_to_a_place_beyond_it() -> None:
    assert decode_points(encode_points([(EDGE, 0, 0), (EDGE + 1, 0, 0)])) is None


def test_every_cut_but_between_points_is_noticed() -> None:
    data = encode_points([(300, -300, 9), (0, 0, 9)])  # two bytes a number: five, then five again

    readable = [cut for cut in range(len(data) + 1) if decode_points(data[:cut]) is not None]
    assert readable == [0, 5, 10]


def test_a_number_without_end_is_refused_before_it_is_read() -> None:
    assert decode_points(b"\xff" * 100_000) is None
