"""Images for nodes that cannot pull: archives and lists, and what is wrong with them."""

from __future__ import annotations

import tarfile

import pytest

from netprobe.cluster.providers.kind.loading import Supply, read_supply
from netprobe.cluster.providers.kind.needed import needed_images, node_images
from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.errors import EnvironmentFailure, InputError


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "images.tar"
    with tarfile.open(path, "w") as tar:
        tar.add(__file__, arcname="manifest.json")
    return path


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "images.txt"
    path.write_text("# for kind\na:1\n\nkindest/node:v1.36.1@sha256:ab\nb:2\na:1\n", encoding="utf-8")
    return path


def test_an_archive_and_a_list_are_told_apart(archive, listed):
    assert read_supply("") == Supply()
    assert read_supply(str(archive)) == Supply(archive=archive)
    assert read_supply(str(listed)) == Supply(images=("a:1", "b:2"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it names no image"),
        (b"# nothing\n", "it names no image"),
        (b"docker pull a:1\n", '"docker pull a:1" is no image'),
        (b"\xff\xfe\x00\x01", "neither an archive nor text"),
    ],
)
def test_a_file_that_is_neither_is_wrong_input(tmp_path, content, words):
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_supply(str(path))
    assert "netprobe images" in caught.value.remedy


def test_a_file_that_is_not_there_is_wrong_input(machine, told, tmp_path):
    with pytest.raises(InputError, match="No such file"):
        KindProvider().make("kindnet", told.terms(images=str(tmp_path / "none")))
    assert machine.lines == []


@pytest.mark.parametrize(
    ("kind", "command"), [("archive", "image-archive"), ("listed", "docker-image a:1 b:2")]
)
def test_images_are_loaded_before_the_cni_is_installed(machine, shown, told, request, kind, command):
    shown.fulfil(Ready(daemonset="kube-flannel/kube-flannel-ds"))
    path = request.getfixturevalue(kind)
    KindProvider().make("flannel,name=x", told.terms(images=str(path))).close()
    expected = f"kind load {command} {path} --name=netprobe-x" if kind == "archive" else ""
    loads = [line for line in machine.lines if line.startswith("kind load")]
    assert loads == [expected or f"kind load {command} --name=netprobe-x"]
    apply = next(n for n, line in enumerate(machine.lines) if line.startswith("kubectl apply"))
    assert machine.lines.index(loads[0]) < apply


def test_images_that_docker_lacks_are_told_before_anything_is_made(machine, told, listed):
    machine.answer("docker image inspect b:2", code=1, err="No such image")
    with pytest.raises(InputError, match=r"does not have 1 of the images to load: b:2") as caught:
        KindProvider().make("kindnet", told.terms(images=str(listed)))
    assert "docker pull b:2" in caught.value.remedy
    assert not any("create" in line for line in machine.lines)


def test_images_that_cannot_be_loaded_are_told_and_the_cluster_removed(machine, shown, told, archive):
    machine.answer("kind load", code=1, err="ERROR: failed to load image: content digest not found")
    with pytest.raises(EnvironmentFailure, match="content digest not found"):
        KindProvider().make("kindnet", told.terms(images=str(archive)))
    assert machine.lines[-1].startswith("kind delete cluster")


def test_the_images_of_nodes_and_cni_are_listed(machine):
    needed = needed_images("calico")
    assert needed.remark == ""
    assert needed.images[0] == (node_images()["v0.32.0"], "nodes of kind")
    assert ("quay.io/calico/node:v3.32.1", "Calico v3.32.1 (manifest)") in needed.images


def test_a_node_image_that_is_named_needs_no_kind(machine):
    machine.uninstall("kind")
    assert needed_images("kindnet,node=v1.34.0").images == (("kindest/node:v1.34.0", "nodes of kind"),)
    assert "kind is not on PATH" in needed_images("kindnet").remark


def test_an_unknown_kind_is_told_instead_of_a_guess(machine):
    machine.answer("kind version", out="kind v0.99.0 go1 linux/amd64")
    needed = needed_images("kindnet")
    assert needed.images == ()
    assert "which image kind v0.99.0 makes nodes of is not known here" in needed.remark


def test_every_node_image_is_pinned():
    assert all(
        image.startswith("kindest/node:v1.") and len(image.partition("@sha256:")[2]) == 64
        for image in node_images().values()
    )
