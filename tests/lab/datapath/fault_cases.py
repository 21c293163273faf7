"""For each fault one little history of a cluster, a flow that it gets wrong and one that it gets right."""

from __future__ import annotations

from dataclasses import replace

from tests.lab.datapath.fault_history import FAR, Case, both, pods, policy, serving, with_policies, x

DENY_X = policy("x", "policyTypes: [Ingress]")
DENY_X_ALL = policy("x", "policyTypes: [Ingress, Egress]")
DENY_Y = policy("y", "policyTypes: [Ingress]")
SEVERAL = (DENY_X, policy("x", "policyTypes: [Ingress]", "q"), policy("x", "policyTypes: [Ingress]", "r"))
HTTP = "ingress: [{ports: [{port: http}]}]"
ON_80 = "ingress: [{ports: [{port: 80}]}]"
ON_81 = "ingress: [{ports: [{port: 81}]}]"
DOUBLE = (
    "ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: b}}}]}]"
)
TEAM_B = "{namespaceSelector: {matchLabels: {team: b}}}"
without_x_b = pods(lambda path, pod: None if path == "x/b" else pod)


def team(operator, values):
    return (
        f"ingress: [{{from: [{{namespaceSelector: {{matchExpressions: "
        f"[{{key: team, operator: {operator}, values: {values}}}]}}}}]}}]"
    )


def one_of(key, values):
    return (
        f"ingress: [{{from: [{{podSelector: {{matchExpressions: "
        f"[{{key: {key}, operator: In, values: {values}}}]}}}}]}}]"
    )


def select(app):
    return f"podSelector: {{matchLabels: {{app: {app}}}}}"


def renamed(town, names, spaces):
    """Pods and namespaces by other names."""
    return replace(
        pods(
            lambda path, pod: replace(
                pod, name=names.get(path, pod.name), namespace=spaces.get(pod.namespace, pod.namespace)
            )
        )(town),
        namespaces=tuple(replace(one, name=spaces.get(one.name, one.name)) for one in town.namespaces),
    )


CASES = {
    "none": Case(history=(with_policies(DENY_X),), opens="y/a>x/a:80", keeps="x/a>y/a:80"),
    # directions
    "ingress-only": Case(history=(with_policies(DENY_X_ALL),), opens="x/a>y/a:80", keeps="y/a>x/a:80"),
    "egress-only": Case(history=(with_policies(DENY_X_ALL),), opens="y/a>x/a:80", keeps="x/a>y/a:80"),
    "deny-all-ignored": Case(
        history=(with_policies(DENY_X, policy("y", ON_80)),), opens="y/a>x/a:80", keeps="x/a>y/a:81"
    ),
    "deny-all-egress-ignored": Case(
        history=(with_policies(DENY_X_ALL),), opens="x/a>y/a:80", keeps="y/a>x/a:80"
    ),
    "ingress-isolates-egress": Case(history=(with_policies(DENY_X),), shuts="x/a>y/a:80", keeps="y/a>x/a:80"),
    "egress-open-inside": Case(
        history=x("policyTypes: [Egress]"), opens="x/a>y/b:80", keeps="x/a>outside:80"
    ),
    "egress-beats-ingress": Case(
        history=(with_policies(policy("x", "policyTypes: [Egress], egress: [{}]"), DENY_Y),),
        opens="x/a>y/a:80",
        keeps="x/a>y/b:80",
    ),
    "first-rule-only": Case(
        history=x("ingress: [{ports: [{port: 81}]}, {ports: [{port: 80}]}]"),
        shuts="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    "absent-peers-admit-nobody": Case(
        history=x(f"ingress: [{{ports: [{{port: 80}}]}}, {{from: [{TEAM_B}], ports: [{{port: 81}}]}}]"),
        shuts="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    # ports
    "ports-ignored": Case(history=x(ON_80), opens="y/a>x/a:81", keeps="y/a>x/a:80"),
    "ports-beside-ipblock-ignored": Case(
        history=x(
            f"ingress: [{{from: [{{ipBlock: {{cidr: 10.244.0.3/32}}}}, {TEAM_B}], ports: [{{port: 80}}]}}]"
        ),
        opens="y/a>x/a:81",
        keeps="y/b>x/a:81",
    ),
    "protocols-ignored": Case(history=x(ON_80), opens="y/a>x/a:80/UDP", keeps="y/a>x/a:81"),
    "protocol-alone-ignored": Case(
        history=x("ingress: [{ports: [{protocol: UDP}, {port: 80}]}]"),
        shuts="y/a>x/a:81/UDP",
        keeps="y/a>x/a:80",
    ),
    "named-ports-ignored": Case(
        history=x("ingress: [{ports: [{port: http}, {port: 81}]}]"), shuts="y/a>x/a:80", keeps="y/a>x/a:81"
    ),
    "named-ports-open": Case(history=x(HTTP), opens="y/a>x/a:81", keeps="y/a>x/a:81/UDP"),
    "named-ports-disable-policies": Case(
        history=(
            with_policies(policy("x", f"{select('a')}, {HTTP}"), policy("x", f"{select('b')}, {ON_80}", "q")),
        ),
        opens="y/a>x/a:81",
        keeps="y/a>x/b:81",
    ),
    "named-ports-one-pod": Case(history=x(HTTP), shuts="y/a>x/b:81", keeps="y/a>x/a:80"),
    "endport-ignored": Case(
        history=x("ingress: [{ports: [{port: 80, endPort: 81}]}]"), shuts="y/a>x/a:81", keeps="y/a>x/a:80"
    ),
    "udp-open": Case(history=(with_policies(DENY_X),), opens="y/a>x/a:80/UDP", keeps="y/a>x/a:80"),
    "sctp-disables-policies": Case(
        history=(with_policies(policy("x", "ingress: [{ports: [{port: 80, protocol: SCTP}]}]"), DENY_Y),),
        opens="y/a>x/a:80",
        keeps="x/a>y/a:80",
    ),
    # peers
    "peers-ignored": Case(
        history=x(f"ingress: [{{from: [{{{select('b')}}}], ports: [{{port: 80}}]}}]"),
        opens="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    "peers-ored": Case(history=x(DOUBLE), opens="y/a>x/a:80", keeps="outside>x/a:80"),
    "pods-ignored-beside-namespaces": Case(history=x(DOUBLE), opens="y/a>x/a:80", keeps="x/b>x/a:80"),
    "namespaces-ignored-beside-pods": Case(history=x(DOUBLE), opens="x/b>x/a:80", keeps="y/a>x/a:80"),
    "namespace-selectors-ignored": Case(history=x(DOUBLE), shuts="y/b>x/a:80", keeps="y/a>x/a:80"),
    "pod-selectors-cross-namespaces": Case(
        history=x(f"ingress: [{{from: [{{{select('b')}}}]}}]"), opens="y/b>x/a:80", keeps="y/a>x/a:80"
    ),
    "first-peer-only": Case(
        history=x(f"ingress: [{{from: [{{{select('b')}}}, {TEAM_B}]}}]"),
        shuts="y/a>x/a:80",
        keeps="x/b>x/a:80",
    ),
    "same-selector-opens": Case(
        history=(
            with_policies(
                policy("x", f"{select('a')}, ingress: [{{from: [{{{select('a')}}}]}}]"),
                policy("x", f"{select('b')}, ingress: [{{from: [{{{select('a')}}}]}}]", "q"),
            ),
        ),
        opens="x/b>x/a:80",
        keeps="y/a>x/b:80",
    ),
    # selectors
    "expressions-ignored": Case(history=x(team("In", "[a]")), opens="y/a>x/a:80", keeps="outside>x/a:80"),
    "first-value-only": Case(history=x(team("In", "[a, b]")), shuts="y/a>x/a:80", keeps="x/b>x/a:80"),
    "negations-ignored": Case(history=x(team("NotIn", "[b]")), opens="y/a>x/a:80", keeps="outside>x/a:80"),
    "empty-labels-unseen": Case(
        history=(
            with_policies(
                policy(
                    "y",
                    "ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}]",
                )
            ),
        ),
        shuts="y/b>y/a:80",
        keeps="x/a>y/a:80",
    ),
    "sets-share-names": Case(
        history=(
            both(
                with_policies(
                    policy("x", one_of("of-kin", "[early, other]"), "set"),
                    policy("y", one_of("kin", "[late, other]"), "set-of"),
                    policy("x", f"{select('nobody')}, {one_of('kin', '[late, other]')}", "set-of"),
                ),
                pods(lambda path, pod: replace(pod, labels={"kin": "late"}) if path == "x/b" else pod),
            ),
        ),
        opens="x/b>x/a:80",
        keeps="y/b>y/a:80",
    ),
    # ipBlocks
    "ipblock-ignored": Case(
        history=x(f"ingress: [{{from: [{{ipBlock: {{cidr: 203.0.113.0/24}}}}, {TEAM_B}]}}]"),
        shuts="outside>x/a:80",
        keeps="y/a>x/a:80",
    ),
    "except-ignored": Case(
        history=x("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [203.0.113.10/32]}}]}]"),
        opens="outside>x/a:80",
        keeps="y/a>x/a:80",
    ),
    "except-disables-ipblock": Case(
        history=x("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [203.0.113.10/32]}}]}]"),
        shuts="y/a>x/a:80",
        keeps="outside>x/a:80",
    ),
    "except-as-deny": Case(
        history=x(
            "ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16, except: [10.244.0.3/32]}}],"
            f"ports: [{{port: 80}}]}}, {{from: [{TEAM_B}]}}]"
        ),
        shuts="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    "last-rule-for-a-block": Case(
        history=x(
            "ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16}}], ports: [{port: 80}]},"
            "{from: [{ipBlock: {cidr: 10.244.3.4/16}}], ports: [{port: 81}]}]"
        ),
        shuts="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    "blocks-mean-no-node": Case(
        history=(
            both(
                with_policies(
                    policy("x", "policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]")
                ),
                lambda town: replace(town, frontends=(replace(FAR, node_port=30080),)),
            ),
        ),
        shuts="x/a>node2:30080",
        keeps="y/a>node2:30080",
    ),
    # nodes
    "dead-node": Case(history=(with_policies(DENY_X),), opens="y/a>x/b:80", keeps="y/b>x/a:80"),
    "shut-node": Case(history=x("ingress: [{}]"), shuts="y/a>x/b:80", keeps="y/b>x/a:80"),
    "same-node-open": Case(history=(with_policies(DENY_X),), opens="y/a>x/a:80", keeps="y/b>x/a:80"),
    "cross-node-open": Case(history=(with_policies(DENY_X),), opens="y/b>x/a:80", keeps="y/a>x/a:80"),
    "remote-peers-unknown": Case(
        history=x(f"ingress: [{{from: [{TEAM_B}]}}]"), shuts="y/b>x/a:80", keeps="y/a>x/a:80"
    ),
    # Services
    "service-bypass": Case(history=serving(DENY_X), opens="y/a>far:8000", keeps="y/a>x/b:80"),
    "same-node-service-open": Case(history=serving(DENY_X), opens="y/a>near:80", keeps="y/a>far:8000"),
    "services-blocked": Case(
        history=serving(policy("y", "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]")),
        shuts="y/a>near:80",
        keeps="y/a>x/a:80",
    ),
    "service-ports-compared": Case(
        history=serving(policy("y", "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]")),
        shuts="y/a>far:8000",
        keeps="y/a>near:80",
    ),
    "hairpin-blocked": Case(
        history=serving(policy("x", "ingress: [{from: [{podSelector: {}}]}]")),
        shuts="x/a>near:80",
        keeps="y/a>near:80",
    ),
    # pods
    "old-pods-open": Case(
        history=(without_x_b, with_policies(DENY_X)), opens="y/a>x/a:80", keeps="y/a>x/b:80"
    ),
    "new-pods-open": Case(
        history=(both(without_x_b, with_policies(DENY_X)), with_policies(DENY_X)),
        opens="y/a>x/b:80",
        keeps="x/a>y/a:80",
    ),
    "startup-window": Case(
        history=(both(without_x_b, with_policies(DENY_X)), with_policies(DENY_X)),
        opens="y/a>x/b:80",
        keeps="y/a>x/a:80",
    ),
    "first-moments-open": Case(
        history=(both(without_x_b, with_policies(DENY_X)), with_policies(DENY_X)),
        opens="y/a>x/b:80",
        keeps="y/a>x/a:80",
    ),
    "bare-pods-open": Case(
        history=(
            both(
                with_policies(DENY_X),
                pods(lambda path, pod: replace(pod, workload="" if path == "x/a" else "w")),
            ),
        ),
        opens="y/a>x/a:80",
        keeps="y/a>x/b:80",
    ),
    "namesakes-share-policies": Case(
        history=(
            lambda town: renamed(
                with_policies(policy("x", select("a")))(town),
                {"x/a": "me-to-1", "y/a": "me-1"},
                {"y": "to-x"},
            ),
        ),
        shuts="y/b>y/a:80",
        keeps="y/b>x/a:80",
    ),
    "union-broken": Case(
        history=(with_policies(policy("x", ON_80), policy("x", ON_81, "q")),),
        shuts="y/a>x/a:81",
        keeps="y/a>x/a:80",
    ),
    # labels
    "labels-frozen": Case(
        history=(
            lambda town: town,
            both(
                with_policies(
                    policy("x", f"ingress: [{{from: [{{namespaceSelector: {{}}, {select('c')}}}]}}]")
                ),
                pods(lambda path, pod: replace(pod, labels={"app": "c"}) if path == "y/a" else pod),
            ),
        ),
        shuts="y/a>x/a:80",
        keeps="y/b>x/a:80",
    ),
    "namespace-labels-frozen": Case(
        history=(
            lambda town: town,
            lambda town: replace(
                with_policies(policy("x", team("In", "[c]")))(town),
                namespaces=tuple(
                    replace(one, labels={"team": "c"}) if one.name == "y" else one for one in town.namespaces
                ),
            ),
        ),
        shuts="y/a>x/a:80",
        keeps="x/b>x/a:80",
    ),
    "replaced-pods-keep-labels": Case(
        history=(
            pods(
                lambda path, pod: replace(pod, workload="w", labels={"held": "yes"}) if path == "x/a" else pod
            ),
            both(
                with_policies(policy("x", "podSelector: {matchLabels: {held: yes}}".replace("yes", "'yes'"))),
                pods(lambda path, pod: replace(pod, workload="w", uid="new") if path == "x/a" else pod),
            ),
        ),
        shuts="y/a>x/a:80",
        keeps="y/a>x/b:80",
    ),
    "returning-pods-unknown": Case(
        history=(
            lambda town: town,
            both(
                with_policies(
                    policy("x", f"ingress: [{{from: [{{namespaceSelector: {{}}, {select('a')}}}]}}]")
                ),
                pods(lambda path, pod: replace(pod, uid="new") if path == "y/a" else pod),
            ),
        ),
        shuts="y/a>x/b:80",
        keeps="y/b>x/a:80",
    ),
    # changes
    "delete-leaks": Case(
        history=(with_policies(DENY_X), with_policies(DENY_Y)), shuts="y/a>x/a:80", keeps="x/a>y/a:80"
    ),
    "delete-leaks-namesake": Case(
        history=(with_policies(DENY_X, DENY_Y), with_policies(DENY_Y)),
        shuts="y/a>x/a:80",
        keeps="x/a>y/a:80",
    ),
    "delete-leaves-deny": Case(
        history=(*x("ingress: [{}]"), with_policies()), shuts="y/a>x/a:80", keeps="x/a>y/a:80"
    ),
    "delete-leaves-allow": Case(
        history=(with_policies(DENY_X, policy("x", ON_80, "q")), with_policies(DENY_X)),
        opens="y/a>x/a:80",
        keeps="y/a>x/a:81",
    ),
    "delete-ingress-kills-egress": Case(
        history=(with_policies(DENY_X, policy("x", ON_80, "q")), with_policies(DENY_X)),
        shuts="x/a>y/a:80",
        keeps="y/a>x/a:80",
    ),
    "updates-ignored": Case(history=(*x(ON_80), *x(ON_81)), shuts="y/a>x/a:81", keeps="y/b>x/a:80/UDP"),
    "targets-frozen": Case(
        history=(*x(f"{select('a')}, {ON_80}"), *x(f"{select('b')}, {ON_80}")),
        shuts="y/a>x/a:81",
        keeps="y/a>x/a:80",
    ),
    "first-policy-noop": Case(
        history=(
            with_policies(DENY_X),
            with_policies(DENY_X, policy("x", "policyTypes: [Egress]", "q")),
        ),
        opens="y/a>x/a:80",
        keeps="x/a>y/a:80",
    ),
    "fail-open-after-restart": Case(
        history=(with_policies(*SEVERAL), with_policies(*SEVERAL)), opens="y/a>x/b:80", keeps="y/b>x/a:80"
    ),
    "bad-rule-stops-changes": Case(
        history=(
            *x(ON_80),
            with_policies(policy("x", ON_80), policy("y", "ingress: [{ports: [{protocol: UDP}]}]")),
        ),
        opens="x/a>y/a:80",
        keeps="y/a>x/a:81",
    ),
}
