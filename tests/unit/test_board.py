"""A board as plain data: defaults, the pile, the margin (FOLD-10, FOLD-50, FOLD-60)."""

from tablecloth.core.board import Stamp, new_board
from tablecloth.core.chain import chain_start

from tests.support.desk import NOTE, Desk


def test_a_board_before_its_first_entry() -> None:
    board = new_board("space-one", "board-one")

    assert (board.seq, board.at, board.title, board.key) == (0, 0, "", b"")
    assert board.chain == chain_start("space-one", "board-one")
    assert list(board.pile()) == list(board.margin()) == []


def test_what_nobody_set_is_as_its_type_says() -> None:
    desk = Desk()
    desk.add("ada", w=300)

    assert desk.element().prop("w") == 300
    assert desk.element().prop("h") == 160
    assert desk.element().prop("colour") == "lemon"
    assert desk.element().props == {"w": 300}


def test_zero_is_a_value_and_not_a_lack_of_one() -> None:
    desk = Desk()
    desk.add("ada", x=5)
    desk.set("ada", x=0)

    assert desk.element().prop("x") == 0


def test_who_last_set_a_property_and_who_gave_birth() -> None:
    desk = Desk()
    desk.add("ada")
    desk.set("ben", x=1)

    assert desk.element().stamp("x") == Stamp(3, 3000, "author-ben")
    assert desk.element().stamp("y") == desk.element().born == Stamp(2, 2000, "author-ada")


def test_words_that_nobody_wrote_are_empty() -> None:
    desk = Desk()
    desk.add("ada")

    assert desk.element().text() == desk.element().text("no-such-field") == ""


def test_the_pile_and_the_margin_share_out_all_elements() -> None:
    desk = Desk()
    for place, key in enumerate(["b", "a", "C", "a"]):
        desk.add("ada", f"note-no-{place}", order=key)
    desk.set_aside("ben", ident="note-no-0")
    desk.set_aside("ben", ident="note-no-3")

    assert [element.id for element in desk.board.pile()] == ["note-no-2", "note-no-1"]
    assert [element.id for element in desk.board.margin()] == ["note-no-3", "note-no-0"]


def test_a_reason_is_kept_as_long_as_the_element_lies_there() -> None:
    desk = Desk()
    desk.add("ada")
    desk.set_aside("ben", "twice")
    aside = desk.element().aside
    assert aside is not None
    assert (aside.stamp.author, aside.why) == ("author-ben", "twice")

    desk.bring_back("ada")
    assert desk.element(NOTE).aside is None


def test_a_stroke_counts_all_its_points() -> None:
    desk = Desk()
    desk.add("ada", "stroke-one", "ink")
    desk.draw("ada", [(0, 0, 1), (1, 1, 2)], "stroke-one")
    desk.draw("ada", [(2, 2, 3)], "stroke-one")

    assert desk.element("stroke-one").ink_count() == 3
