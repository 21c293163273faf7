"""Matrices and changes of folders, standard input and clusters."""

from __future__ import annotations

import io
import json

import pytest

from netprobe.app import inventories
from netprobe.app.inventories import Where, find_inventory
from netprobe.app.matrix import FORMATS, MatrixRequest, Page, change_of, matrix_of, render
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.errors import InputError
from netprobe.manifests.load import load_inventory
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.decision import Answer
from netprobe.model.protocol import Protocol

PAGE = Page(width=80, color=False, verbose=False)


def where(*paths, **more):
    return Where(paths=paths, **more)


def test_a_matrix_folds_replicas_and_tells_what_was_not_looked_at(shop):
    (shop / "other.yaml").write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n")
    matrix, notes = matrix_of(MatrixRequest(where=where(".")))
    assert [len(group.pods) for group in matrix.groups] == [1, 1, 3]
    assert notes == ("not looked at, since they decide nothing about flows: Secret (1)",)


def test_further_ports_are_asked_of_every_pod(shop):
    matrix, _ = matrix_of(MatrixRequest(where=where("shop.yaml"), ports=[(7, Protocol.UDP)]))
    assert [c.group for c in matrix.columns if (c.port, c.protocol) == (7, Protocol.UDP)] == [0, 1, 2]


def test_a_scenario_is_said_to_be_read_without_its_steps(shop):
    (shop / "scenario.yaml").write_text("netprobe: 1\n")
    _, notes = matrix_of(MatrixRequest(where=where(".")))
    assert notes[0] == ". is a scenario; its steps are not followed, all policies of the folder count"


def test_a_change_lists_what_closes_and_why(shop):
    (shop / "empty.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    change, _ = change_of(MatrixRequest(where=where("shop.yaml")), "empty.yaml", "shut.yaml")
    closed = {(each.port, each.after): each for each in change.changes}
    assert set(closed) == {(5432, Answer.UNDEFINED), (53, Answer.DENY)}
    assert "db isolates shop/db for ingress" in closed[53, Answer.DENY].reason
    assert [str(pod) for pod in closed[5432, Answer.UNDEFINED].sources] == ["lab/probe[0]"]


def test_a_change_of_further_ports_is_told_too(shop):
    (shop / "empty.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    request = MatrixRequest(where=where("shop.yaml"), ports=[(7, Protocol.TCP)])
    change, _ = change_of(request, "empty.yaml", "shut.yaml")
    assert 7 in {each.port for each in change.changes}


def test_standard_input_stands_beside_both_states(shop):
    stdin = io.StringIO((shop / "shop.yaml").read_text())
    change, _ = change_of(MatrixRequest(where=where("-", stdin=stdin)), "shut.yaml", "shut.yaml")
    assert (change.changes, change.added, change.removed) == ((), (), ())
    assert change.flows_compared > 0


def test_two_states_without_pods_are_no_agreement(shop):
    with pytest.raises(InputError, match=r"no pods in shut\.yaml and shut\.yaml") as caught:
        change_of(MatrixRequest(where=where()), "shut.yaml", "shut.yaml")
    assert "workloads" in caught.value.remedy


def test_a_defect_changes_the_table_and_is_noted(shop):
    def allowed(defect):
        matrix, notes = matrix_of(MatrixRequest(where=where("."), defect=defect))
        return sum(column.allow.bit_count() for column in matrix.columns), notes

    sound, faulty = allowed(""), allowed("ingress-ignored")
    assert faulty[0] > sound[0]
    (note,) = faulty[1]
    assert note.endswith("with the defect ingress-ignored, which does not isolate pods for ingress")


def test_a_defect_of_single_flows_has_no_table(shop):
    with pytest.raises(InputError, match="service-open is about single flows"):
        matrix_of(MatrixRequest(where=where("."), defect="service-open"))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_matrices_and_changes(name, shop):
    request = MatrixRequest(where=where("shop.yaml"))
    matrix, _ = matrix_of(request)
    change, _ = change_of(request, "shop.yaml", "shut.yaml")
    for subject in (matrix, change):
        text = render(subject, name, PAGE)
        assert "5432" in text
        assert text.endswith("\n")


def test_a_cluster_gives_the_table_of_its_manifests(shop, monkeypatch):
    cluster = SimulatedCluster()
    texts = [(shop / name).read_text() for name in ("shop.yaml", "shut.yaml")]
    cluster.apply([document.body for text in texts for document in read_documents(text, "x.yaml")])
    monkeypatch.setattr(inventories, "open_cluster", lambda _word: cluster)
    found = find_inventory(where(cluster="simulated"))
    assert cluster.closed
    places = {(pod.namespace, pod.workload, pod.index) for pod in found.inventory.topology.pods}
    manifests = load_inventory(["."]).topology.pods
    assert {(pod.namespace, pod.workload or pod.name, pod.index) for pod in manifests} <= places
    assert [policy.name for policy in found.inventory.policies] == ["db"]
    document = json.loads(render(matrix_of(MatrixRequest(where=where(cluster="simulated")))[0], "json", PAGE))
    assert document["counts"]["DENY"] > 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (where(), "there is nothing to look at"),
        (where("a.yaml", cluster="context"), "cannot be looked at together"),
        (where(cluster="lab:none"), "a new lab holds nothing to look at"),
        (where("nowhere.yaml"), "there is no file or folder nowhere.yaml"),
    ],
)
def test_what_cannot_be_looked_at_says_why(asked, words, shop):
    with pytest.raises(InputError, match=words):
        find_inventory(asked)
