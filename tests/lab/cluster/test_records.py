"""Records of standing labs: whose process runs, and which are swept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.lab.cluster.access import Access
from netprobe.lab.cluster.records import (
    Wanted,
    labs_folder,
    locked,
    read_record,
    remove_record,
    start_of,
    sweep,
    write_record,
)
from netprobe.lab.cluster.standing import end_labs, standing_labs

ACCESS = Access(server="https://127.0.0.1:1", token="secret", authority="PEM", name="a")


def written(folder, name="a"):
    """The record of a lab that this process claims to own."""
    with locked(folder):
        wanted = Wanted(name=name, profile="enforcing", identity="", nodes=2)
        write_record(folder, wanted, ACCESS, "2026-01-01T00:00:00+00:00")
    return read_record(folder, name)


def change(folder, name, **fields):
    file = folder / name / "lab.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


def test_what_is_written_is_read_again(tmp_path):
    record = written(tmp_path / "labs")
    assert (record.access, record.pid) == (ACCESS, os.getpid())
    assert record.runs()
    assert sweep(tmp_path / "labs") == ({"a": record}, ())


@pytest.mark.parametrize("fields", [{"start": 1}, {"boot": "another"}, {"pid": 2**22 + 1}])
def test_another_process_of_that_number_or_another_boot_is_not_the_owner(tmp_path, fields):
    written(tmp_path)
    change(tmp_path, "a", **fields)
    assert sweep(tmp_path) == ({}, ("a",))
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"wanted": {"name": 1}}', "\0"])
def test_a_record_that_cannot_be_read_is_a_dead_labs(tmp_path, text):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "lab.json").write_text(text)
    assert standing_labs(tmp_path).swept == ("b",)


def test_a_process_that_has_ended_but_was_not_reaped_does_not_run():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert start_of(process.pid) > 0
        end = os.pidfd_open(process.pid)
        process.stdin.close()
        os.waitid(os.P_PIDFD, end, os.WEXITED | os.WNOWAIT)
        os.close(end)
        assert start_of(process.pid) == -1


def test_only_the_owner_removes_its_record(tmp_path):
    record = written(tmp_path)
    remove_record(tmp_path, "a", record.pid + 1)
    assert (tmp_path / "a").exists()
    remove_record(tmp_path, "a", record.pid)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_down_spares_a_process_that_took_the_owners_number(tmp_path):
    """This very process: were it ended, nobody could tell."""
    record = written(tmp_path)
    change(tmp_path, "a", start=record.start - 1)
    assert end_labs(tmp_path, ["a"]).swept == ("a",)


def test_where_the_state_is(monkeypatch):
    assert labs_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/netprobe/labs")
    monkeypatch.setenv("HOME", "/h")
    for environment in ({}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}):
        assert labs_folder(environment) == Path("/h/.local/state/netprobe/labs")


def test_a_folder_that_cannot_be_made_is_told_with_the_remedy(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="Not a directory") as caught, locked(tmp_path / "file" / "labs"):
        pass
    assert "XDG_STATE_HOME" in caught.value.remedy


def test_a_kubeconfig_that_others_were_merged_into_is_not_overwritten(tmp_path):
    file = tmp_path / "config"
    ACCESS.write_kubeconfig(file)
    replace(ACCESS, name="b").write_kubeconfig(file)
    merged = json.loads(file.read_text())
    assert merged["current-context"] == "netprobe-lab-b"
    merged["contexts"].append({"name": "production", "context": {}})
    file.write_text(json.dumps(merged))
    with pytest.raises(InputError, match="no kubeconfig of a lab"):
        ACCESS.write_kubeconfig(file)
