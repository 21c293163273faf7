"""NetworkPolicies are refused and defaulted as a real Kubernetes 1.36.2 did it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from netprobe.manifests.policy import decode_policy, decode_policy_body
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.inventory import RemarkCode

RECORDED = json.loads(Path(__file__).parents[1].joinpath("contract", "apiserver-1.36.json").read_text())
TRIED = {
    each["name"]: each
    for each in RECORDED["http"]
    if each["request"]["method"] == "POST" and each["name"].startswith("networkpolicy: ")
}


def decoded(each, **options):
    problems = []
    (document,) = read_documents(json.dumps(each["request"]["body"]), "a.yaml")
    return decode_policy(document, problems, **options), problems


def stored(policy):
    """The policy as a server stores it: without lists that are empty, which mean the same as none."""
    directions = {
        key: tuple(replace(rule, peers=rule.peers or None, ports=rule.ports or None) for rule in rules)
        or None
        for key in ("ingress", "egress")
        if (rules := getattr(policy, key)) is not None
    }
    return replace(policy, **directions)


@pytest.mark.parametrize("name", TRIED)
def test_a_policy_is_taken_or_refused_as_recorded(name):
    each = TRIED[name]
    policy, problems = decoded(each)
    answer = each["response"]["body"]
    if each["response"]["status"] == 201:
        assert policy is not None
        assert stored(policy) == decode_policy_body({**each["request"]["body"], "spec": answer["spec"]})
    else:
        causes = answer.get("details", {}).get("causes", ())
        assert policy is None
        assert problems
        for cause in causes:
            assert any(cause["field"] in problem.message for problem in problems)


def test_with_remarks_only_what_older_servers_refused_too_is_refused():
    differs = {}
    for name, each in TRIED.items():
        remarks = []
        policy, _ = decoded(each, remarks=remarks)
        if (policy is None) != (each["response"]["status"] != 201):
            differs[name] = [remark.code for remark in remarks]
    assert differs == {
        "networkpolicy: host bits in cidr": [RemarkCode.CIDR_HOST_BITS],
        "networkpolicy: unknown field, strict": [RemarkCode.UNKNOWN_FIELD],
    }
