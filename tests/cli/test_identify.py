"""``netprobe identify`` on clusters that show something, nothing, or forbid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.cli.main import execute
from netprobe.cluster.identity.known.wanted import CONFIG_MAPS
from netprobe.cluster.port import Signs
from netprobe.cluster.providers.simulated import SimulatedCluster

PAGE = Path(__file__).parents[2] / "docs" / "identification.md"


@pytest.fixture
def showing(desk, monkeypatch):
    """Let the simulated cluster show some signs."""

    def show(**signs):
        monkeypatch.setattr(SimulatedCluster, "signs", lambda _self: Signs(**signs))

    return show


def daemon_set(name, *containers, wanted=1):
    return {
        "kind": "DaemonSet",
        "metadata": {"namespace": "kube-system", "name": name},
        "spec": {"template": {"spec": {"containers": [dict(each) for each in containers]}}},
        "status": {"desiredNumberScheduled": wanted, "numberReady": 1},
    }


AGENT = {"name": "aws-eks-nodeagent", "image": "a/n:v1.3.1", "args": ["--enable-network-policy=true"]}
AWS = daemon_set("aws-node", {"name": "aws-node", "image": "a/amazon-k8s-cni:v1.21.1"}, AGENT, wanted=2)
NODES = ({"metadata": {"name": "a"}}, {"metadata": {"name": "b"}})


def test_the_text_says_what_how_sure_and_what_was_not_seen(showing, capsys):
    showing(version="v1.36.2", nodes=NODES, daemon_sets=(AWS,), unseen=("ConfigMaps kube-system/x",))
    assert execute(["identify"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "simulated cluster (server v1.36.2, nodes: 2)\n"
        "expected to enforce NetworkPolicies: yes\n"
        "  because Amazon VPC CNI: its policy agent is switched on\n"
        "  ! Amazon VPC CNI: 1 of 2 agents are ready\n"
    )
    assert "Amazon VPC CNI v1.21.1: CNI and policy enforcer\n  should enforce: yes\n  seen\n" in out
    assert "    - pods that no Deployment or the like owns are not covered\n" in out
    assert "\ncould not see: ConfigMaps kube-system/x\n" in out
    assert all(len(line) <= 100 for line in out.splitlines())


def test_the_json_has_all_of_it(showing, capsys):
    showing(version="v1.36.2", nodes=NODES, daemon_sets=(AWS,), server="https://x.eks.amazonaws.com")
    assert execute(["identify", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["netprobe_identification"], document["proven"]) == (1, False)
    assert document["cluster"] == "simulated cluster"
    assert [each["name"] for each in document["platforms"]] == ["eks"]
    (found,) = document["found"]
    assert (found["name"], found["role"], found["enforces"]) == ("aws-vpc-cni", "both", "yes")
    assert found["agents"] == [{"name": "DaemonSet kube-system/aws-node", "wanted": 2, "ready": 1}]
    assert {"where": "DaemonSet kube-system/aws-node", "what": "--enable-network-policy=true"} in found[
        "evidence"
    ]
    assert "eks-standalone-pod" in [name for limit in found["limits"] for name in limit["ids"]]


def test_an_unknown_cni_is_an_answer(desk, capsys):
    assert execute(["identify"]) == 0
    out = capsys.readouterr().out
    assert (
        "expected to enforce NetworkPolicies: unknown\n  because no CNI that netprobe knows was seen" in out
    )


def test_a_cluster_that_shows_nothing_is_no_answer(showing, capsys):
    showing(nodes=None, daemon_sets=None, custom=None, unseen=("nodes", "DaemonSets"))
    assert execute(["identify"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "did not let netprobe see anything of its CNI: nodes; DaemonSets" in captured.err
    assert "ClusterRole" in captured.err


def test_files_of_a_node_tell_where_the_api_does_not(showing, desk, capsys):
    showing(nodes=None, daemon_sets=None, custom=None, unseen=("nodes", "DaemonSets"))
    folder = desk / "net.d"
    (folder / "deeper").mkdir(parents=True)
    (folder / "05-cilium.conflist").write_text('{"name": "cilium", "plugins": [{"type": "cilium-cni"}]}')
    assert execute(["identify", "--cni-config", "net.d"]) == 0
    out = capsys.readouterr().out
    assert "\nCilium: CNI and policy enforcer\n" in out
    assert "CNI file 05-cilium.conflist: plugins cilium-cni" in out


def test_a_folder_that_cannot_be_read_is_told(desk, capsys):
    assert execute(["identify", "--cni-config", "nowhere"]) == 2
    (desk / "files").mkdir()
    assert execute(["identify", "--cni-config", "files", "--look-on-nodes"]) == 2
    assert "cannot read nowhere: No such file or directory" in capsys.readouterr().err


def test_the_role_names_the_config_maps_that_are_read():
    names = ", ".join(
        name.partition("/")[2] for name in sorted(CONFIG_MAPS, key=lambda name: name.split("/")[1])
    )
    assert f"resourceNames: [{names}]" in PAGE.read_text(encoding="utf-8")


def test_the_page_has_the_table_of_fingerprints(desk, capsys):
    assert execute(["identify", "--known"]) == 0
    assert capsys.readouterr().out in PAGE.read_text(encoding="utf-8"), (
        "docs/identification.md is stale: put in what netprobe identify --known prints"
    )
