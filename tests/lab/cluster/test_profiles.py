from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.lab.cluster.profiles import describe, parse_profile
from netprobe.lab.datapath.profiles import CONDITIONS, THEMES

DOCS = Path(__file__).parents[3] / "docs" / "lab.md"


@pytest.mark.parametrize(
    ("text", "parsed", "title"),
    [
        ("", ("enforcing", ""), "lab (enforcing)"),
        ("lab", ("enforcing", ""), "lab (enforcing)"),
        ("enforcing", ("enforcing", ""), "lab (enforcing)"),
        ("lab:enforcing", ("enforcing", ""), "lab (enforcing)"),
        ("none", ("none", ""), "lab (none)"),
        ("flannel", ("none", "flannel"), "lab, emulating Flannel"),
        ("kubenet", ("none", "kubenet"), "lab, emulating kubenet"),
        ("@flannel", ("none", "flannel"), "lab, emulating Flannel"),
        ("none@flannel", ("none", "flannel"), "lab, emulating Flannel"),
        ("enforcing@flannel", ("enforcing", "flannel"), "lab, emulating Flannel (enforcing)"),
        ("ports-ignored+lossy", ("ports-ignored+lossy", ""), "lab (ports-ignored, lossy)"),
        ("lab:+slow", ("enforcing+slow", ""), "lab (enforcing, slow)"),
        ("+jitter+slow+jitter", ("enforcing+slow+jitter", ""), "lab (enforcing, slow, jitter)"),
        (
            "lab:peers-ored+lossy+jitter@flannel",
            ("peers-ored+lossy+jitter", "flannel"),
            "lab, emulating Flannel (peers-ored, lossy, jitter)",
        ),
        ("flannel+lossy", ("none+lossy", "flannel"), "lab, emulating Flannel (lossy)"),
        ("+lossy@flannel", ("none+lossy", "flannel"), "lab, emulating Flannel (lossy)"),
    ],
)
def test_what_can_stand_after_the_colon(text, parsed, title):
    assert parse_profile(text) == parsed
    assert describe(*parsed) == title
    assert parse_profile("@".join(filter(None, parsed))) == parsed


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("flanel", "no profile 'flanel'", "did you mean 'flannel'? Known: netprobe lab profiles lists them"),
        ("port-ignored", "no profile 'port-ignored'", "did you mean 'ports-ignored'?"),
        (
            "none@flanel",
            "no identity 'flanel'",
            "did you mean 'flannel'? Known: netprobe lab profiles lists them",
        ),
        ("none@", "no identity ''", "known: netprobe lab profiles lists them"),
        ("zzz", "no profile 'zzz'", "known: netprobe lab profiles lists them"),
        ("none+lousy", "no condition 'lousy'", "did you mean 'lossy'? Known: lossy, slow, jitter"),
        ("none+", "no condition ''", "known: lossy, slow, jitter"),
        ("none@flannel+lossy", "no identity 'flannel+lossy'", "did you mean 'flannel'?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(text, said, hint):
    with pytest.raises(InputError) as unknown:
        parse_profile(text)
    assert said in unknown.value.message
    assert unknown.value.remedy.startswith(hint)


def test_the_docs_list_every_profile_and_condition_as_it_is():
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    profiles = [
        f"| {theme} | `{each.name}` | {each.description} | {', '.join(f'`{one}`' for one in each.cites)} |"
        for theme, behaviours in THEMES.items()
        for each in behaviours
    ]
    conditions = [f"| `{each.name}` | {each.description} |" for each in CONDITIONS.values()]
    written = [row for row in rows if row.split(" | ")[0].removeprefix("| ") in THEMES]
    assert written == profiles
    assert [row for row in rows if row in conditions] == conditions
