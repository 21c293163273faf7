"""What an inventory says beside its pods and Services."""

from __future__ import annotations

import pytest

from netprobe.errors import InputError
from netprobe.manifests.inventory import inventory_of_bodies
from netprobe.model.inventory import RemarkCode
from netprobe.model.place import Place
from netprobe.model.topology import Namespace, Node

NAME = "kubernetes.io/metadata.name"


def policy(name="deny", spec="{podSelector: {}}", namespace="shop"):
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"
    )


def test_namespaces_have_their_name_as_a_label_declared_or_not(read):
    declared = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: a, labels: {{x: z, {NAME}: wrong}}}}\n"
    assert read(declared + policy()).topology.namespaces == (
        Namespace(name="a", labels={"x": "z", NAME: "a"}),
        Namespace(name="shop", labels={NAME: "shop"}),
    )


def test_objects_without_a_namespace_go_to_the_default_one(read):
    text = policy().replace(", namespace: shop", "")
    assert [p.namespace for p in read(text, default_namespace="here").policies] == ["here"]


def test_a_node_has_its_labels_and_its_internal_address_first(read):
    text = """\
        apiVersion: v1
        kind: Node
        metadata: {name: node1, labels: {zone: a}}
        status:
          addresses:
          - {type: Hostname, address: node1}
          - {type: ExternalIP, address: 203.0.113.1}
          - {type: InternalIP, address: 192.0.2.1}
        """
    assert read(text).topology.nodes == (
        Node(name="node1", addresses=("192.0.2.1", "203.0.113.1"), labels={"zone": "a"}),
    )


def test_other_kinds_are_counted(read):
    other = "---\napiVersion: {}\nkind: {}\nmetadata: {{name: x}}\n"
    text = (
        other.format("networking.k8s.io/v1", "Ingress") * 2
        + other.format("serving.knative.dev/v1", "Service")
        + other.format("projectcalico.org/v3", "NetworkPolicy")
        + "---\na: b\n"
    )
    assert read(text).ignored == {
        "Ingress": 2,
        "NetworkPolicy.projectcalico.org": 1,
        "Service.serving.knative.dev": 1,
        "documents without kind": 1,
    }


def test_of_an_object_that_is_there_twice_the_later_counts(read):
    inventory = read(policy() + policy(spec="{podSelector: {}, policyTypes: [Egress]}") + policy("other"))
    assert [p.name for p in inventory.policies] == ["deny", "other"]
    assert [str(t) for t in inventory.policies[0].policy_types] == ["Egress"]
    (remark,) = inventory.remarks
    assert remark.code is RemarkCode.DUPLICATE
    assert str(remark.problem) == (
        "a.yaml:7:1: NetworkPolicy shop/deny is declared in a.yaml:2:1 before; this one counts"
    )
    assert inventory.places[("NetworkPolicy", "shop", "deny")] == Place(file="a.yaml", line=7, column=1)


def test_unknown_fields_and_host_bits_are_remarks(read):
    spec = "{podSelector: {}, ingres: [], ingress: [{to: [], from: [{ipBlock: {cidr: 10.1.2.3/8}}]}]}"
    inventory = read(policy(spec=spec))
    assert [(remark.code.value, str(remark.problem)) for remark in inventory.remarks] == [
        ("unknown-field", 'a.yaml:5:25: unknown field "ingres" in spec; did you mean "ingress"?'),
        (
            "unknown-field",
            'a.yaml:5:52: spec.ingress[0].to: an ingress rule has "from", not "to"',
        ),
        (
            "cidr-host-bits",
            (
                "a.yaml:5:80: spec.ingress[0].from[0].ipBlock.cidr: 10.1.2.3/8 has bits set beyond its "
                "prefix length, which Kubernetes 1.36 refuses in new objects (older versions store it); "
                'did you mean "10.0.0.0/8"?'
            ),
        ),
    ]
    (found,) = inventory.policies
    assert found.ingress[0].peers[0].ip_block.cidr == "10.1.2.3/8"


def body(spec):
    metadata = {"name": "x", "namespace": "shop"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def test_a_policy_of_a_cluster_may_hold_what_older_servers_stored():
    block = {"cidr": "010.1.2.3/8", "except": ["10.020.0.1/16"]}
    (found,) = inventory_of_bodies([body({"new": 1, "ingress": [{"from": [{"ipBlock": block}]}]})]).policies
    assert found.ingress[0].peers[0].ip_block.cidr == "10.1.2.3/8"
    assert found.ingress[0].peers[0].ip_block.excluded == ("10.20.0.1/16",)


def test_a_policy_of_a_cluster_that_cannot_be_understood_is_not_left_out():
    with pytest.raises(InputError, match=r"this NetworkPolicy cannot be understood: .*ICMP"):
        inventory_of_bodies([body({"ingress": [{"ports": [{"protocol": "ICMP"}]}]})])


def test_a_wrong_object_is_refused_and_the_others_are_still_read(refused):
    (problem,) = refused(policy(spec="[]") + policy("other"))
    assert problem == "a.yaml:5:7: spec: must be a mapping (key: value), not a list"
