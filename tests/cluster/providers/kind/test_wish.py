"""What stands after ``kind:``."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.kind.wish import Wish, parse_wish
from netprobe.errors import InputError


@pytest.mark.parametrize(
    ("argument", "wish"),
    [
        ("", Wish()),
        ("calico", Wish(recipe="calico")),
        ("calico@v3.32.1", Wish(recipe="calico", version="v3.32.1")),
        ("cilium,family=dual,proxy=none", Wish(recipe="cilium", family="dual", proxy="none")),
        ("kindnet,node=v1.34.0", Wish(node="kindest/node:v1.34.0")),
        ("kindnet,node=1.34", Wish(node="kindest/node:v1.34")),
        ("kindnet,node=mirror.example/node:v1", Wish(node="mirror.example/node:v1")),
        (",name=ci-42", Wish(name="ci-42")),
        ("./a@b/mine.yaml@v1,family=ipv6", Wish(recipe="./a@b/mine.yaml", version="v1", family="ipv6")),
        ("./a@b/mine.yaml", Wish(recipe="./a@b/mine.yaml")),
    ],
)
def test_an_argument_is_read(argument, wish):
    assert parse_wish(argument) == wish


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("calico@", "ends in @ without a version"),
        ("calico,dual", '"dual", which is no option'),
        ("calico,famly=dual", 'did you mean "family"?'),
        ("calico,family=", '"family=", which is no option'),
        ("calico,family=ipv5", 'no IP family "ipv5"; did you mean "ipv'),
        ("calico,proxy=iptable", 'did you mean "iptables"?'),
        ("calico,family=dual,family=ipv4", "gives a key twice"),
        ("calico,name=Mine", "must be lowercase"),
        (f"calico,name={'x' * 31}", "too long"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(argument, words):
    with pytest.raises(InputError) as caught:
        parse_wish(argument)
    assert words in caught.value.message
    assert caught.value.remedy
