"""Report files: whole or not at all, and never in place of a device."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.report.write import check_writable, write_report


def test_a_report_is_written_and_nothing_else_is_left(tmp_path):
    write_report(tmp_path / "report.json", "text ·\n")
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == "text ·\n"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_an_old_report_is_replaced_through_its_link(tmp_path):
    (tmp_path / "old.json").write_text("old")
    (tmp_path / "link.json").symlink_to("old.json")
    write_report(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "old.json").read_text() == "new"


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing/report.json", "there is no folder"), ("", "it is a folder")],
)
def test_what_cannot_be_written_is_said_beforehand(tmp_path, name, message):
    with pytest.raises(InputError, match=message) as caught:
        check_writable(tmp_path / name)
    assert caught.value.remedy


def test_a_full_device_is_an_input_error():
    with pytest.raises(InputError, match="No space left"):
        write_report(Path("/dev/full"), "text" * 10_000)


def test_a_failed_write_keeps_the_old_report(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("old")

    def fail(self, target):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="Input/output error"):
        write_report(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text()))
    reader.start()
    write_report(pipe, "through the pipe")
    reader.join(timeout=10)
    assert received == ["through the pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
