from __future__ import annotations

import pytest

from netprobe.manifests.cursor import cursor, did_you_mean, dotted, named

TEXT = """\
name: web
count: 3
wide: true
port: http
list: [a, 1]
labels: {app: web, tier: 1, empty: ~}
inside:
  deep: [{x: 1}]
nothing: ~
"""


@pytest.fixture
def top(document):
    return cursor(document(TEXT), [])


def test_getters_return_what_is_there(top):
    assert top.text("name") == "web"
    assert top.number("count") == 3
    assert top.flag("wide") is True
    assert top.number_or_text("port") == "http"
    assert top.number_or_text("count") == 3
    assert top.problems == []


def test_absent_and_null_are_none_and_no_problem(top):
    for key in ("missing", "nothing"):
        assert top.text(key) is top.number(key) is top.flag(key) is top.items(key) is None
        assert top.mapping(key) is top.string_map(key) is top.strings(key) is None
    assert top.problems == []


def test_required_but_absent_is_a_problem_at_the_nearest_place(top):
    inside = top.mapping("inside")
    assert inside is not None
    assert inside.text("name", required=True) is None
    assert [str(problem) for problem in top.problems] == ["a.yaml:7:1: inside.name: is required"]


@pytest.mark.parametrize(
    ("getter", "key", "complaint"),
    [
        ("text", "count", "a.yaml:2:8: count: must be a string, not the number 3; put it in quotes"),
        ("number", "wide", "a.yaml:3:7: wide: must be a whole number, not the boolean true"),
        ("number", "name", 'a.yaml:1:7: name: must be a whole number, not the string "web"'),
        ("flag", "name", 'a.yaml:1:7: name: must be true or false, not the string "web"'),
        ("items", "inside", "a.yaml:8:3: inside: must be a list, not a mapping"),
        ("mapping", "list", "a.yaml:5:7: list: must be a mapping (key: value), not a list"),
        (
            "number_or_text",
            "wide",
            "a.yaml:3:7: wide: must be a whole number or a name, not the boolean true",
        ),
    ],
)
def test_a_wrong_type_is_a_problem(top, getter, key, complaint):
    assert getattr(top, getter)(key) is None
    assert [str(problem) for problem in top.problems] == [complaint]


def test_wrong_items_are_left_out_and_reported(top):
    assert top.strings("list") == ("a",)
    assert top.string_map("labels") == {"app": "web", "empty": ""}
    assert [str(problem) for problem in top.problems] == [
        "a.yaml:5:11: list[1]: must be a string, not the number 1; put it in quotes",
        "a.yaml:6:26: labels.tier: must be a string, not the number 1; put it in quotes",
    ]


def test_items_know_their_path(top):
    inside = top.mapping("inside")
    (item,) = inside.items("deep")
    item.complain("is odd", key="x")
    assert str(top.problems[0]) == "a.yaml:8:14: inside.deep[0].x: is odd"


def test_unknown_keys_are_reported_with_the_nearest_known_one(top):
    top.keys(("names", "count", "wide", "port", "list", "labels", "nothing"))
    assert [str(problem) for problem in top.problems] == [
        'a.yaml:1:1: unknown field "name"; did you mean "names"?',
        'a.yaml:7:1: unknown field "inside"',
    ]


def test_unknown_keys_pass_when_not_strict(document):
    top = cursor(document(TEXT), [], strict=False)
    top.keys(())
    assert top.problems == []


def test_words_for_messages():
    assert did_you_mean("podselector", ("podSelector", "ports")) == 'did you mean "podSelector"?'
    assert did_you_mean("zzz", ("podSelector",)) == ""
    assert dotted(("spec", "a", 0, "kubernetes.io/x")) == "spec.a[0][kubernetes.io/x]"
    assert [named(v) for v in (None, True, 1.5, "a", [], {})] == [
        "null", "the boolean true", "the number 1.5", 'the string "a"', "a list", "a mapping"
    ]  # fmt: skip
