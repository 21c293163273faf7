"""Clusters are made, kept, used again and removed; what netprobe did not make is left alone."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.claim import Claim
from netprobe.cluster.providers.kind.installing import _UNPACK as UNPACK
from netprobe.cluster.providers.kind.plan import RECIPE_LABEL, make_plan
from netprobe.cluster.providers.kind.programs import Programs
from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.cluster.providers.kind.recipes import find_recipe
from netprobe.cluster.providers.kind.wish import parse_wish
from netprobe.errors import EnvironmentFailure, InputError, RunInterrupted

WISH = parse_wish("kindnet")
PLAN = make_plan(WISH, *find_recipe("kindnet"), base_config())
CREATE, DELETE = "kind create cluster", f"kind delete cluster --name={PLAN.cluster}"


@pytest.fixture
def kindnet(shown):
    """The API of a cluster with kindnet, made by netprobe."""
    shown.fulfil(Ready(daemonset="kube-system/kindnet"))
    shown.objects["/api/v1/nodes"].clear()
    for name in ("a", "b", "c"):
        shown.node(name, labels={RECIPE_LABEL: PLAN.digest})
    return shown


def count(machine, beginning):
    return sum(line.startswith(beginning) for line in machine.lines)


def left(machine):
    return [path.name for path in machine.home.iterdir() if path.name.startswith("netprobe-kind-")]


def make(told, argument="kindnet", **terms):
    return KindProvider().make(argument, told.terms(**terms))


def refused(told, argument="kindnet", **terms):
    with pytest.raises(EnvironmentFailure) as caught:
        make(told, argument, **terms)
    return caught.value


def test_a_cluster_ends_with_its_run_and_only_once(machine, kindnet, told):
    cluster = make(told)
    assert count(machine, DELETE) == 0
    cluster.close()
    cluster.close()
    assert count(machine, DELETE) == 1
    assert left(machine) == []


@pytest.mark.parametrize("term", ["keep", "reuse"])
def test_a_cluster_that_shall_stay_is_left_with_the_way_to_it(machine, kindnet, told, term):
    make(told, **{term: True}).close()
    assert (count(machine, CREATE), count(machine, "kind delete")) == (1, 0)
    assert "`kind export kubeconfig --name" in told.stages[-1]
    assert f"`kind delete cluster --name {PLAN.cluster}`" in told.stages[-1]
    assert left(machine) == []


def test_one_that_is_there_is_used_again_and_left(machine, kindnet, told):
    machine.answer("kind get clusters", out=f"kind\n{PLAN.cluster}\n")
    machine.answer("kind get kubeconfig", out=kindnet.kubeconfig())
    cluster = make(told, reuse=True)
    assert cluster.description.facts["cluster"] == PLAN.cluster
    cluster.close()
    assert (count(machine, CREATE), count(machine, "kind delete")) == (0, 0)
    assert told.stages[0] == f"using the kind cluster {PLAN.cluster}"


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ({}, "it does not carry netprobe's label"),
        ({RECIPE_LABEL: "0123456789"}, "it was made from another recipe, version or configuration"),
    ],
)
def test_one_that_netprobe_did_not_make_so_is_left_alone(machine, kindnet, told, labels, why):
    machine.answer("kind get clusters", out=f"{PLAN.cluster}\n")
    machine.answer("kind get kubeconfig", out=kindnet.kubeconfig())
    kindnet.node("d", labels=labels)
    if labels:
        kindnet.objects["/api/v1/nodes"][:-1] = []
    assert why in refused(told, reuse=True).message
    assert count(machine, "kind delete") == 0
    assert left(machine) == []


def test_a_name_that_is_taken_is_told_and_nothing_is_touched(machine, kindnet, told):
    machine.answer("kind get clusters", out=f"{PLAN.cluster}\n")
    error = refused(told)
    assert f"there is a kind cluster {PLAN.cluster} already" in error.message
    assert "--reuse" in error.remedy
    assert (count(machine, CREATE), count(machine, "kind delete")) == (0, 0)


def test_a_name_that_was_taken_in_between_is_not_deleted(machine, kindnet, told):
    words = (
        f'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "{PLAN.cluster}"'
    )
    machine.answer(CREATE, code=1, err=words)
    assert "already, which netprobe leaves alone" in refused(told).message
    assert count(machine, "kind delete") == 0


@pytest.mark.parametrize(
    ("words", "meaning", "remedy"),
    [
        (
            "Bind for 127.0.0.1:8080 failed: port is already allocated",
            "a port that it wants",
            "stop what listens",
        ),
        ("failed to create fsnotify watcher: too many open files", "too few inotify watches", "sudo sysctl"),
        ("write /x: no space left on device", "the disk is full", "docker system prune"),
        ("all predefined address pools have been fully subnetted", "use up its addresses", "network prune"),
        ('failed to pull image "kindest/node:v9"', "the nodes' image cannot be had", "node="),
        ("something else went wrong", "could not be made. `kind create cluster", "known-issues"),
    ],
)
def test_what_keeps_kind_from_making_one_is_told_and_removed(machine, kindnet, told, words, meaning, remedy):
    machine.answer(CREATE, code=1, err=f"Creating cluster ...\nERROR: {words}\n")
    machine.answer("docker ps", out="")
    error = refused(told)
    assert meaning in error.message
    assert words in error.message
    assert remedy in error.remedy
    assert count(machine, DELETE) == 1
    assert left(machine) == []


def test_a_container_that_docker_made_after_the_removal_is_removed_as_well(machine, kindnet, told):
    machine.answer(CREATE, code=1, err="ERROR: signal: killed")
    refused(told)
    deleted = [line.split()[0] for line in machine.lines[-3:]]
    assert deleted == ["kind", "docker", "kind"]
    assert count(machine, DELETE) == 2


def test_one_netprobe_at_a_time_makes_a_cluster_of_a_name(machine, kindnet, told):
    other = Claim(PLAN.cluster)
    other.take()
    error = refused(told)
    assert "another netprobe is making" in error.message
    assert "name=" in error.remedy
    assert (count(machine, CREATE), count(machine, "kind delete")) == (0, 0)
    other.release()
    other.release()
    make(told).close()
    assert not list(machine.home.glob("*.lock"))


def test_the_name_is_let_go_only_after_what_was_half_made_is_removed(machine, kindnet, told):
    machine.answer(CREATE, code=1, err="ERROR: failed to init node with kubeadm")
    locks = []
    told.on_stage = lambda text: locks.append((text.split()[0], len(list(machine.home.glob("*.lock")))))
    refused(told)
    assert locks == [("making", 1), ("removing", 1)]
    assert not list(machine.home.glob("*.lock"))


def test_a_lock_that_is_not_ours_to_write_is_told(machine, kindnet, told):
    (machine.home / f"netprobe-kind-{os.getuid()}-{PLAN.cluster}.lock").symlink_to(machine.home / "elsewhere")
    error = refused(told)
    assert "the lock" in error.message
    assert "TMPDIR" in error.remedy
    assert not (machine.home / "elsewhere").exists()


def test_no_room_for_files_is_told(machine, kindnet, told, monkeypatch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    error = refused(told)
    assert "No space left on device" in error.message
    assert "TMPDIR" in error.remedy
    assert left(machine) == []


def test_kind_takes_docker_whatever_the_environment_says(machine, monkeypatch):
    monkeypatch.setenv("KIND_EXPERIMENTAL_PROVIDER", "podman")
    assert "KIND_EXPERIMENTAL_PROVIDER" not in Programs().variables
    assert Programs().variables["PATH"] == str(machine.bin)


def test_with_keep_a_half_made_cluster_stays(machine, kindnet, told):
    machine.answer(CREATE, code=1, err="ERROR: failed to init node with kubeadm")
    refused(told, keep=True)
    assert count(machine, f"{CREATE} --name={PLAN.cluster}") == 1
    assert "--retain" in machine.calls[-1].argv
    assert count(machine, "kind delete") == 0
    assert f"kind delete cluster --name {PLAN.cluster}" in told.warnings[0]


def test_a_cluster_that_cannot_be_removed_is_named(machine, kindnet, told):
    cluster = make(told)
    machine.answer("kind delete", code=1, err="ERROR: no way")
    cluster.close()
    (warning,) = told.warnings
    assert "may still be there" in warning
    assert f"`kind delete cluster --name {PLAN.cluster}`" in warning
    assert left(machine) == []


def test_a_cluster_that_is_not_the_same_any_more_is_not_removed(machine, kindnet, told):
    cluster = make(told)
    machine.answer("docker ps", out=f"{99:064x}\n")
    cluster.close()
    assert count(machine, "kind delete") == 0
    assert "is not the one that netprobe made any more" in told.warnings[0]


@pytest.mark.parametrize("text", ["", None])
def test_kind_that_writes_no_kubeconfig_is_told(machine, kindnet, told, text):
    (machine.home / "kubeconfig").unlink()
    if text is not None:
        (machine.home / "kubeconfig").write_text(text, encoding="utf-8")
    words = "wrote no kubeconfig" if text is None else "kubeconfig is empty"
    assert words in refused(told).message
    assert count(machine, DELETE) == 1


def test_the_kubeconfig_is_private_and_goes_away(machine, kindnet, told):
    cluster = make(told)
    (folder,) = left(machine)
    private = machine.home / folder
    assert private.stat().st_mode & 0o777 == 0o700
    assert (private / "kubeconfig").stat().st_mode & 0o777 == 0o600
    cluster.close()
    assert not private.exists()


def test_what_a_recipe_fails_at_is_told_with_the_command_and_removed(machine, shown, told):
    machine.answer("kubectl apply", code=1, err="error: unable to read URL: server reported 404 Not Found\n")
    error = refused(told, "antrea")
    assert "Antrea v2.7.0 could not be installed" in error.message
    assert "`kubectl apply --server-side --force-conflicts" in error.message
    assert "404 Not Found" in error.message
    assert "this version may lie elsewhere" in error.remedy
    assert count(machine, "kind delete cluster") == 1


def test_without_a_way_to_the_manifests_the_air_gap_is_named(machine, shown, told):
    machine.answer("kubectl apply", code=1, err="dial tcp: lookup github.com: no such host\n")
    assert "docs/kind.md" in refused(told, "antrea").remedy


def test_a_module_that_cannot_be_loaded_is_a_warning(machine, shown, told):
    machine.answer("modprobe", code=1, err="modprobe: FATAL: Module openvswitch not found")
    for ready in find_recipe("antrea")[0].ready:
        shown.fulfil(ready)
    make(told, "antrea").close()
    assert "`sudo modprobe openvswitch`" in told.warnings[0]


def test_plugins_that_cannot_be_put_on_a_node_are_told(machine, shown, told):
    machine.answer("cni-plugins.tgz", code=1, err="curl: (6) Could not resolve host: github.com")
    error = refused(told, "flannel")
    assert "could not be put on node node-control-plane" in error.message
    assert "copy of the archive" in error.remedy


def test_an_archive_with_another_checksum_is_told_and_not_unpacked(tmp_path):
    archive = tmp_path / "plugins.tgz"
    archive.write_bytes(b"something else")
    done = subprocess.run(
        ["/bin/sh", "-ec", UNPACK, "sh", "", archive, "0" * 64, "./bridge"],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"the SHA-256 of the archive is not {'0' * 64}\n"
    assert not archive.exists()


def test_files_beside_a_recipe_are_looked_for_before_anything_is_made(machine, told, tmp_path):
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(
        "recipe: 1\nname: mine\ntitle: Mine\nsteps: [{apply: [./cni.yaml]}]\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"names \./cni\.yaml, but there is no file"):
        make(told, str(recipe))
    assert machine.lines == []


def test_manifests_plugins_and_charts_may_lie_beside_a_recipe(machine, shown, told, tmp_path):
    for name in ("cni.yaml", "plugins.tgz", "chart.tgz"):
        (tmp_path / name).write_text("kind: Namespace\n", encoding="utf-8")
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(
        "recipe: 1\nname: mine\ntitle: Mine\nversions: [v1]\n"
        "plugins: {archive: ./plugins.tgz, names: [bridge, tuning]}\n"
        "steps:\n"
        "- apply: [./cni.yaml]\n"
        "- apply: [./cni.yaml]\n  images: [{name: a, tag: '${version}'}]\n"
        "- helm: {release: r, chart: ./chart.tgz, version: '1'}\n",
        encoding="utf-8",
    )
    make(told, str(recipe)).close()
    lines = [
        line for line in machine.lines if "docker cp" in line or "apply" in line or line.startswith("helm up")
    ]
    assert lines[:3] == [
        f"docker cp {tmp_path}/plugins.tgz node-{node}:/tmp/netprobe-cni-plugins.tgz"
        for node in ("control-plane", "worker", "worker2")
    ]
    assert lines[3] == f"kubectl apply --server-side --force-conflicts --filename={tmp_path}/cni.yaml"
    assert f"helm upgrade --install r {tmp_path}/chart.tgz --version=1" in lines[5]
    (patched,) = [call for call in machine.calls if "kustomization.yaml" in call.files]
    assert patched.files["manifest-0.yaml"] == "kind: Namespace\n"
    assert '"newTag": "v1"' in patched.files["kustomization.yaml"]
    unpacked = [call.argv[-5:] for call in machine.calls if "sh" in call.argv]
    assert unpacked[0] == ("", "/tmp/netprobe-cni-plugins.tgz", "", "./bridge", "./tuning")


def test_an_interruption_at_any_stage_leaves_nothing(machine, shown, told):
    for ready in find_recipe("calico-operator")[0].ready:
        shown.fulfil(ready)
    for step in find_recipe("calico-operator")[0].steps:
        for ready in step.ready:
            shown.fulfil(ready)
    make(told, "calico-operator").close()
    stages = told.stages[:-1]
    assert len(stages) == 4
    for number, stage in enumerate(stages):
        told.stages.clear()
        told.on_stage = lambda text, stage=stage: _interrupt() if text == stage else None
        with pytest.raises(RunInterrupted):
            make(told, "calico-operator")
        # While it is being made, no container is known: then it is removed until there is none.
        assert count(machine, "kind delete cluster") == number + 3
        assert left(machine) == []


def _interrupt():
    raise RunInterrupted("stopped by Ctrl-C (SIGINT)", signal_number=2)
