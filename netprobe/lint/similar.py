"""Labels that look like those a selector asks for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from netprobe.lint.bodies import selector_body
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.lint import Fix
from netprobe.model.policy import LabelSelector, Operator, Requirement
from netprobe.oracle.selectors import meets, missing


def hint(selector: LabelSelector, candidates: Iterable[Mapping[str, str]]) -> str:
    """Return ``did you mean app="frontend"?`` for the labels nearest to what is asked, or ""."""
    labels = list(candidates)
    for requirement in _asked(selector):
        found = _near(requirement, labels)
        if found:
            return found
    return ""


def mended(selector: LabelSelector, candidates: Iterable[Mapping[str, str]]) -> LabelSelector | None:
    """Return the selector with a near label in place of one that nothing has; None when there is none."""
    labels = list(candidates)
    wanted = dict(selector.match_labels)
    changed = False
    for key, value in selector.match_labels.items():
        if any(each.get(key) == value for each in labels):
            continue
        near = near_label(key, value, labels)
        if near is not None:
            wanted = {(near[0] if k == key else k): (near[1] if k == key else v) for k, v in wanted.items()}
            changed = True
    if not changed:
        return None
    new = LabelSelector(match_labels=wanted, match_expressions=selector.match_expressions)
    return new if any(next(missing(new, each), None) is None for each in labels) else None


def near_label(key: str, value: str, labels: Iterable[Mapping[str, str]]) -> tuple[str, str] | None:
    """Return the label nearest to ``key=value``: the same key with a near value, or a near key."""
    known = list(labels)
    values = {each[key] for each in known if key in each}
    word = _nearest(value, values)
    if word:
        return key, word
    keys = {other for each in known for other, found in each.items() if found == value}
    word = _nearest(key, keys)
    if word:
        return word, value
    return (min(keys), value) if keys else None


def _asked(selector: LabelSelector) -> Iterable[Requirement]:
    for key, value in selector.match_labels.items():
        yield Requirement(key=key, operator=Operator.IN, values=(value,))
    yield from selector.match_expressions


def _near(requirement: Requirement, labels: list[Mapping[str, str]]) -> str:
    if any(meets(requirement, each) for each in labels):
        return ""
    for value in requirement.values:
        near = near_label(requirement.key, value, labels)
        if near is not None:
            return f'did you mean {near[0]}="{near[1]}"?'
    keys = {key for each in labels for key in each}
    near_key = "" if requirement.key in keys else _nearest(requirement.key, keys)
    return f'did you mean the label "{near_key}"?' if near_key else ""


def _nearest(word: str, words: Iterable[str]) -> str:
    """The word that is most like ``word`` (two letters of three, at least), "" when none is."""
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)), "")


def selector_fix(key: str, selector: LabelSelector | None) -> Fix | None:
    """Return the fix that puts ``selector`` under ``key``, None without a selector."""
    if selector is None:
        return None
    return Fix(advice="select by labels that are there", yaml=to_yaml({key: selector_body(selector)}))
