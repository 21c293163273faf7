from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.api.resources import by_plural
from netprobe.lab.api.selectors import matcher, parse_label_selector
from netprobe.lab.api.status_errors import StatusError

LABELS = {"app": "web", "tier": "front", "empty": ""}


def selects(selector, labels=LABELS):
    obj = {"metadata": {"name": "x", "namespace": "n", "labels": labels}}
    return matcher(by_plural("pods"), selector, "")(obj)


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ("", True),
        ("app=web", True),
        ("app==web", True),
        ("app = web , tier=front", True),
        ("app=api", False),
        ("app!=api", True),
        ("absent!=x", True),
        ("app in (api, web)", True),
        ("app in (api)", False),
        ("app notin (api,web)", False),
        ("absent notin (x)", True),
        ("absent in (x)", False),
        ("app", True),
        ("!app", False),
        ("! absent,app", True),
        ("empty=", True),
        ("app=", False),
        ("example.com/a-b_c.d", False),
    ],
)
def test_label_selectors(selector, wanted):
    assert selects(selector) is wanted


@pytest.mark.parametrize("selector", ["===", "a in x", "a in (b", "a,", ",a", "a=b c", "a & b", "(a)"])
def test_a_bad_label_selector_is_refused(selector):
    with pytest.raises(StatusError) as refused:
        parse_label_selector(selector)
    assert refused.value.code == 400


@given(st.text("ab=!,() in", max_size=12))
def test_any_text_is_parsed_or_refused(text):
    try:
        keys = [each.key for each in parse_label_selector(text)]
    except StatusError:
        return
    assert all(keys)


@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y"])))
def test_a_requirement_and_its_opposite_never_agree(labels):
    for yes, no in (("a=x", "a!=x"), ("a in (x,y)", "a notin (x,y)"), ("a", "!a")):
        assert selects(yes, labels) is not selects(no, labels)


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ("metadata.name=x", True),
        ("metadata.name!=x", False),
        ("metadata.namespace=n,status.phase=Running", True),
        ("spec.nodeName=", True),
        ("spec.nodeName==node1", False),
    ],
)
def test_field_selectors(selector, wanted):
    obj = {"metadata": {"name": "x", "namespace": "n"}, "spec": {}, "status": {"phase": "Running"}}
    assert matcher(by_plural("pods"), "", selector)(obj) is wanted


def test_an_unknown_field_is_refused():
    with pytest.raises(StatusError, match=r"field label not supported: spec\.colour"):
        matcher(by_plural("pods"), "", "spec.colour=red")
