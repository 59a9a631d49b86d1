"""The third check over the vectors finds what the two runners can't."""

import cross_check

RULES = """
**FOLD-1 Entry.** Words that mention FOLD-9 in passing.

**FOLD-2 Chain.** More.
"""


def test_a_rule_without_a_vector_is_found() -> None:
    assert cross_check.rules_without_vector(RULES, {"a.json": '{"rule": "FOLD-1"}'}) == ["FOLD-2"]


def test_ten_is_not_one() -> None:
    assert cross_check.rules_without_vector(RULES, {"a.json": '["FOLD-10", "FOLD-2"]'}) == ["FOLD-1"]


def test_rules_of_both_pages_are_looked_at() -> None:
    rules = RULES + "\n**PROTOCOL-5 Hello.** Words.\n\n**PROTOCOL-2 Origin.** No data shows this."
    vectors = {"a.json": '["FOLD-1", "FOLD-2", "PROTOCOL-50"]'}

    assert cross_check.rules_without_vector(rules, vectors) == ["PROTOCOL-5"]
    assert cross_check.names_without_rule(rules, vectors) == ["a.json names PROTOCOL-50"]


def test_a_vector_of_a_rule_that_is_gone_is_found() -> None:
    vectors = {"a.json": '["FOLD-1", "FOLD-7"]', "b.json": '["FOLD-2"]'}

    assert cross_check.names_without_rule(RULES, vectors) == ["a.json names FOLD-7"]


def test_a_file_that_a_runner_left_out_is_found() -> None:
    assert cross_check.left_out({"a.json": "", "text/b.json": ""}, {"a.json"}) == ["text/b.json"]
