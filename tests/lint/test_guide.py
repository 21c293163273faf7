"""The guide's own manifests, and what happens to them when somebody makes the guide's mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.lint.lint import lint
from netprobe.manifests.load import load_inventory
from netprobe.model.lint import Severity

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DENY_ALL = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: production}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""


def found_in(*names, also=""):
    files = [SCENARIOS / name for name in names]
    if also:
        files.append(also)
    return lint(load_inventory([str(file) for file in files]))


def warned(found):
    return sorted({each.rule for each in found if each.severity is not Severity.INFO})


POLICIES = sorted(f for f in SCENARIOS.glob("*/*.yaml") if f.stem not in ("scenario", "app"))


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_no_policy_of_the_guide_is_an_error(file):
    found = lint(load_inventory([str(file.with_name("app.yaml")), str(file)]))
    assert [each for each in found if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        (["deny-all-ingress/app.yaml", "deny-all-ingress/deny-all-ingress.yaml"], []),
        (["deny-all-egress/app.yaml", "deny-all-egress/deny-all-egress.yaml"], []),
        (["allow-dns/app.yaml", "allow-dns/deny-all-egress.yaml", "allow-dns/allow-dns.yaml"], []),
        (["allow-dns/app.yaml", "allow-dns/allow-dns-udp-only.yaml"], ["dns-one-protocol"]),
        (["three-tier/app.yaml", "three-tier/policies.yaml"], ["no-deny-all", "no-dns"]),
        (["three-tier/app.yaml", "three-tier/policies.yaml", "three-tier/allow-dns.yaml"], ["no-deny-all"]),
        (["allow-external/app.yaml", "allow-external/allow-external-api.yaml"], ["no-deny-all", "no-dns"]),
        (
            ["allow-specific-ingress/app.yaml", "allow-specific-ingress/allow-frontend-to-api.yaml"],
            ["no-deny-all"],
        ),
        (
            ["allow-specific-ingress-or/app.yaml", "allow-specific-ingress-or/allow-frontend-to-api.yaml"],
            ["and-or-confusion", "no-deny-all"],
        ),
        (["namespace-label/app.yaml", "namespace-label/allow-frontend-to-api.yaml"],
         ["namespace-selector-unmatched", "no-deny-all"]),
        (["build-up"], []),
        (["tenant-isolation"], []),
    ],
)  # fmt: skip
def test_the_warnings_are_those_that_the_guide_itself_gives(files, rules):
    assert warned(found_in(*files)) == rules


@pytest.fixture
def three_tier(tmp_path):
    """The guide's three tiers, deny-all and allow-dns with them, after a change to their text."""

    def changed(old="", new=""):
        text = (SCENARIOS / "three-tier/policies.yaml").read_text()
        assert old in text
        text = text.replace(old, new, 1) + "---\n" + DENY_ALL
        path = tmp_path / "policies.yaml"
        path.write_text(text)
        found = found_in("three-tier/app.yaml", "three-tier/allow-dns.yaml", also=path)
        return warned(each for each in found if each.object[1] == "production")

    return changed


def test_with_deny_all_and_dns_the_three_tiers_are_without_a_word(three_tier):
    assert three_tier() == []


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("tier: frontend\n  ingress", "tier: fronted\n  ingress", ["policy-selects-nothing"]),
        ("app: ingress-nginx", "name: ingress-nginx", ["namespace-selector-unmatched"]),
        ("namespaceSelector:\n        matchLabels:\n          app: ingress-nginx",
         "podSelector:\n        matchLabels:\n          app: controller", ["namespace-selector-missing"]),
        ("- port: 8080", "- port: 80", ["unused-port"]),
        ("- port: 8080", "- port: http", ["port-name-unknown"]),
        ("  egress:\n", "  policyTypes: [Ingress]\n  egress:\n", ["rules-without-type"]),
        ("    - port: 5432\n---\n# Database", "    - port: 5433\n---\n# Database", ["unused-port"]),
    ],
)  # fmt: skip
def test_a_mistake_in_the_three_tiers_is_found(three_tier, old, new, rules):
    assert three_tier(old, new) == rules
