from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import InputError
from netprobe.manifests.yaml_source import read_documents
from netprobe.manifests.yaml_values import LARGEST
from netprobe.model.place import Place, Problem


def read(text):
    return read_documents(textwrap.dedent(text), "a.yaml")


def complaints(text):
    problems: list[Problem] = []
    read_documents(text, "a.yaml", problems)
    return [str(problem) for problem in problems]


def test_documents_come_in_order_and_empty_ones_are_skipped():
    documents = read("---\na: 1\n---\n---\n# only a comment\n---\nb: 2\n")
    assert [document.body for document in documents] == [{"a": 1}, {"b": 2}]
    assert [document.place.line for document in documents] == [2, 7]


def test_places_of_values_and_keys():
    (document,) = read("""\
        spec:
          ingress:
          - from: [{podSelector: {}}]
          - ports:
            - port: 80
        """)
    places = document.places
    assert str(places.of(("spec", "ingress", 1, "ports", 0, "port"))) == "a.yaml:5:13"
    assert str(places.of(("spec", "ingress", 1, "ports", 0, "port"), key=True)) == "a.yaml:5:7"
    assert str(places.of(("spec", "ingress", 0, "from", 0, "podSelector"), key=True)) == "a.yaml:3:13"


def test_place_of_a_path_that_leads_nowhere_is_the_nearest_ancestor():
    (document,) = read("spec:\n  ingress: []\n")
    assert document.places.of(("spec", "ingress", 3, "from")) == Place(file="a.yaml", line=2, column=12)
    assert document.places.of(("nothing",)) == document.place


def test_lists_are_unfolded_with_right_places():
    documents = read("""\
        kind: List
        items:
        - kind: Pod
          metadata: {name: one}
        - kind: PodList
          items:
          - {kind: Pod, metadata: {name: two}}
        """)
    assert [d.body["metadata"]["name"] for d in documents] == ["one", "two"]
    assert [str(d.places.of(("metadata", "name"))) for d in documents] == ["a.yaml:4:20", "a.yaml:7:34"]


def test_an_item_of_a_list_that_is_no_object_is_a_problem():
    assert complaints("kind: List\nitems: [a, {kind: Pod}]\n") == [
        "a.yaml:2:9: items[0] of this List is not an object with keys"
    ]


# What kubectl makes of plain scalars; PyYAML alone would read several of these differently.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("y", True),
        ("N", False),
        ("off", False),
        ("~", None),
        ("", None),
        ("Null", None),
        ("80", 80),
        ("-0x1F", -31),
        ("0o17", 15),
        ("0755", 493),
        ("0b11", 3),
        ("1_000", 1000),
        ("1e3", 1000),
        ("1e999", "1e999"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("22:30", "22:30"),
        ("2026-11-22", "2026-11-22"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("089", 89),
        ("v1", "v1"),
        ('"80"', "80"),
        ("'yes'", "yes"),
        ("!!str 80", "80"),
        ("!!int 80", 80),
    ],
)
def test_scalars_are_read_as_kubectl_reads_them(text, value):
    (document,) = read_documents(f"a: {text}\n", "a.yaml")
    assert document.body == {"a": value}
    assert type(document.body["a"]) is type(value)


def test_an_empty_list_item_is_null():
    (document,) = read("a:\n-\n- 1\n")
    assert document.body == {"a": [None, 1]}


def test_keys_become_the_strings_that_json_has():
    (document,) = read("{1: a, on: b, 2.5: c, ~: d, x: e}")
    assert document.body == {"1": "a", "true": "b", "2.5": "c", "null": "d", "x": "e"}


def test_aliases_and_merges_are_followed():
    (document,) = read("""\
        base: &base {app: web, tier: a}
        pod:
          <<: *base
          tier: b
        copy: *base
        """)
    assert document.body["pod"] == {"tier": "b", "app": "web"}
    assert document.body["copy"] == {"app": "web", "tier": "a"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a:\n\tb: 1", "a.yaml:2:1: a tab stands where YAML allows only spaces; indent with spaces"),
        ("a: @b", "a.yaml:1:4: a value cannot begin with @; put the value in quotes"),
        (
            "a: b: c",
            "a.yaml:1:5: a ':' is not expected here; quote a value that holds ': ', or check the indentation",
        ),
        ("a: [1, 2", "a.yaml:1:4: this '[' list is not closed, or a ',' is missing in it"),
        ("a: {b: 1", "a.yaml:1:4: this '{' mapping is not closed, or a ',' is missing in it"),
        ("a: 'x", "a.yaml:1:4: this quote is never closed"),
        ("a:\n  b: 1\n c: 2", "a.yaml:3:2: the indentation does not fit the lines above"),
        ("a: 1\nb", "a.yaml:2:1: this is not 'key: value'; a ':' is missing"),
        ("a: *x", "a.yaml:1:4: this *alias has no &anchor before it; quote a value that begins with *"),
        (
            'a: "\\q"',
            "a.yaml:1:4: this string has an unknown \\ escape; use single quotes to keep a \\ as it is",
        ),
        ("- a\nb: 1", "a.yaml:2:1: a list item ('- …') is expected here; check the indentation"),
        ("a: - b", "a.yaml:1:4: a '-' is not expected here; begin a list on the line after its key"),
        ("}", "a.yaml:1:1: a value is missing here, or a bracket has no partner"),
        ("a: 1\nb: 2\na: 3", 'a.yaml:3:1: the key "a" is here twice; it is given first in line 1'),
        ("on: 1\ntrue: 2", 'a.yaml:2:1: the key "true" is here twice; it is given first in line 1'),
        ("[1, 2]", "a.yaml:1:1: this document is a list, not an object with keys"),
        ("just words", "a.yaml:1:1: this document is a single value, not an object with keys"),
        ("a: !!python/object:x 1", "a.yaml:1:4: the tag !!python/object:x cannot be used here"),
        ("a: !secret x", "a.yaml:1:4: the tag !secret cannot be used here"),
        ("a: !!set {b}", "a.yaml:1:4: the tag tag:yaml.org,2002:set cannot be used here"),
        ("a: !!int b", "a.yaml:1:4: the tag !!int cannot be used here"),
        ("a: .inf", "a.yaml:1:4: .inf is not a number that Kubernetes can read"),
        ("a: &x {b: *x}", "a.yaml:1:4: this value contains itself through an alias"),
        ("<<: 1", "a.yaml:1:5: << can only merge mappings"),
        ("? [a]\n: b", "a.yaml:1:3: a key must be a word, not a list or a mapping"),
        ("é: \x01", "a.yaml:1:4: the character U+0001 is not allowed in YAML"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_plain_words_at_their_place(text, complaint):
    assert complaints(text) == [complaint]


def test_documents_before_a_syntax_error_are_still_given():
    problems: list[Problem] = []
    documents = read_documents("a: 1\n---\nb: [\n", "a.yaml", problems)
    assert [document.body for document in documents] == [{"a": 1}]
    assert len(problems) == 1


def test_without_a_list_of_problems_all_are_raised_together():
    with pytest.raises(InputError, match=r"a\.yaml:1:8: .* \(and 1 more\)") as caught:
        read("{a: 1, a: 2}\n---\n[1]\n")
    assert [problem.place.line for problem in caught.value.problems] == [1, 3]


def test_a_memory_bomb_of_aliases_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (complaint,) = complaints("\n".join(lines))
    assert f"more than {LARGEST} values" in complaint


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 60_000,
        "a: " + "[" * 60_000 + "]" * 60_000,
        "a:\n" + "- " * 60_000 + "b",
        "\n".join(" " * level + "a:" for level in range(600)),
    ],
    ids=["open", "closed", "dashes", "blocks"],
)
def test_bottomless_nesting_is_refused(text):
    (complaint,) = complaints(text)
    assert re.fullmatch(r"a\.yaml(:\d+:\d+)?: the YAML is nested too deeply to be read", complaint)


def test_a_long_line_or_many_brackets_are_no_depth():
    documents = read_documents(f"a: {'x' * 2000}\nb: [{'{c: 1}, ' * 1000}]\n", "a.yaml")
    assert len(documents[0].body["b"]) == 1000


def test_a_byte_order_mark_is_no_part_of_the_text():
    (document,) = read("\ufeffa: 1\n")
    assert document.body == {"a": 1}


@given(st.text(alphabet=st.sampled_from(" \t\n:-[]{}'\"ab&*!|>%@#,?~1\x07é"), max_size=40))
def test_any_text_gives_documents_or_problems_but_no_other_error(text):
    problems: list[Problem] = []
    read_documents(text, "a.yaml", problems)
    lines = text.count("\n") + 1
    assert all(1 <= problem.place.line <= lines + 1 for problem in problems)
