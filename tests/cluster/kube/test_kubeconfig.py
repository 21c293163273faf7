"""Merging kubeconfigs, whatever they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.cluster.kube.kubeconfig import kubeconfig_files, read_kubeconfig
from netprobe.errors import InputError

NAMES = st.sampled_from(["a", "b", "c"])
FILES = st.lists(
    st.fixed_dictionaries(
        {"current": st.one_of(st.just(""), NAMES), "clusters": st.lists(NAMES, unique=True, max_size=3)}
    ),
    min_size=1,
    max_size=4,
)


@given(FILES)
def test_of_each_name_and_of_the_current_context_the_first_file_decides(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("files")
    paths = []
    for number, file in enumerate(files):
        body = {
            "current-context": file["current"],
            "clusters": [
                {"name": name, "cluster": {"server": f"https://{number}"}} for name in file["clusters"]
            ],
        }
        paths.append(folder / str(number))
        paths[-1].write_text(json.dumps(body))
    merged = read_kubeconfig(paths)
    first = {}
    for number, file in enumerate(files):
        for name in file["clusters"]:
            first.setdefault(name, f"https://{number}")
    assert {name: entry.body["server"] for name, entry in merged.clusters.items()} == first
    assert merged.current == next((file["current"] for file in files if file["current"]), "")
    for entry in merged.clusters.values():
        assert entry.place.line, "everything is known by its place"


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_text_is_a_traceback(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "config"
    path.write_bytes(text)
    with pytest.raises(InputError) as refused:
        read_kubeconfig([path]).choose("a")
    assert refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("listed", "files"),
    [
        ("/a:/b", ["/a", "/b"]),
        (":/a::/b:/a:", ["/a", "/b"]),
        ("", [str(Path.home() / ".kube" / "config")]),
        ("~/x", [str(Path.home() / "x")]),
    ],
)
def test_which_files_are_read(listed, files):
    assert [str(file) for file in kubeconfig_files({"KUBECONFIG": listed})] == files
