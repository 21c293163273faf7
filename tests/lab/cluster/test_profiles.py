from __future__ import annotations

import pytest

from netprobe.errors import InputError
from netprobe.lab.cluster.profiles import describe, parse_profile


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
    ],
)
def test_what_can_stand_after_the_colon(text, parsed, title):
    assert parse_profile(text) == parsed
    assert describe(*parsed) == title


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("flanel", "no profile 'flanel'", "did you mean 'flannel'? Known: enforcing, none"),
        ("none@flanel", "no identity 'flanel'", "did you mean 'flannel'? Known: aks-azure, "),
        ("none@", "no identity ''", "known: aks-azure, "),
        ("zzz", "no profile 'zzz'", "known: enforcing, none"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(text, said, hint):
    with pytest.raises(InputError) as unknown:
        parse_profile(text)
    assert said in unknown.value.message
    assert unknown.value.remedy.startswith(hint)
