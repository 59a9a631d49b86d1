"""What lies on a board, and which values each property takes (FOLD-10)."""

import pytest
from tablecloth.core import limits
from tablecloth.core.elements import TYPES, AssetProp, ChoiceProp, IdProp, IntProp, OrderProp, values_fit


def test_there_are_six_types() -> None:
    assert set(TYPES) == {"note", "zone", "ink", "connector", "shape", "image"}


@pytest.mark.parametrize("kind", TYPES)
def test_every_default_is_a_value_that_the_property_takes(kind: str) -> None:
    for name, prop in TYPES[kind].props.items():
        assert prop.accepts(prop.default), name


@pytest.mark.parametrize("kind", TYPES)
def test_names_can_be_read_in_a_head_and_mean_one_thing(kind: str) -> None:
    row = TYPES[kind]
    names = [*row.props, *row.words, *row.fields]

    assert len(names) == len(set(names))
    assert all(name.isascii() and name.islower() and name.isalnum() for name in [kind, *names])
    assert len(names) <= limits.MAX_VALUES
    assert len(row.words) <= limits.MAX_WORDS


def test_only_ink_is_drawn_and_pictures_are_described_instead_of_written_on() -> None:
    assert [kind for kind, row in TYPES.items() if row.has_ink] == ["ink"]
    assert [kind for kind, row in TYPES.items() if not row.fields] == ["ink", "image"]
    assert [kind for kind, row in TYPES.items() if "alt" in row.words] == ["ink", "image"]


def test_integers_stay_within_their_bounds() -> None:
    prop = IntProp(3, -1, 5)

    assert [value for value in range(-3, 8) if prop.accepts(value)] == [-1, 0, 1, 2, 3, 4, 5]
    assert not any(prop.accepts(value) for value in (1.0, True, "1", None, [1]))


def test_a_choice_is_one_of_its_names() -> None:
    prop = ChoiceProp(("lemon", "peach"))

    assert prop.default == "lemon"
    assert prop.accepts("peach")
    assert not any(prop.accepts(value) for value in ("", "Peach", "lemon ", 0, None, ["lemon"]))


def test_an_end_of_a_connector_is_an_id_or_nothing() -> None:
    assert all(IdProp().accepts(value) for value in ("", "a" * 8, "Z_-9" * 8))
    assert not any(IdProp().accepts(value) for value in ("a" * 7, "a" * 33, "note one", "a" * 8 + "\n", None))


def test_an_order_key_is_short_and_ascii() -> None:
    assert all(OrderProp().accepts(value) for value in ("a0", "Z", "9" * 64))
    assert not any(OrderProp().accepts(value) for value in ("", "a" * 65, "a-", "ä", "a0\n", 10))


def test_an_asset_is_a_hash_in_lower_case_or_nothing() -> None:
    assert all(AssetProp().accepts(value) for value in ("", "0123456789abcdef" * 4))
    assert not any(AssetProp().accepts(value) for value in ("a" * 63, "a" * 65, "A" * 64, "a" * 64 + "\n", 1))


def test_values_fit_as_a_whole_or_not_at_all() -> None:
    assert values_fit("note", {})
    assert values_fit("note", {"x": 1, "colour": "sky"})
    assert not values_fit("note", {"x": 1, "colour": "teal"})
    assert not values_fit("note", {"from": "note-one"})
    assert not values_fit("square", {})
