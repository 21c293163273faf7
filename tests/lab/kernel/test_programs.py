from __future__ import annotations

import shutil

import pytest

from netprobe.errors import InputError
from netprobe.lab.kernel import programs


def test_nothing_is_said_when_every_program_is_there(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, path: f"/usr/bin/{name}")
    programs.require_programs()


def test_all_missing_programs_are_named_at_once_with_their_packages(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name, path: None if name in {"nft", "nc"} else name)
    with pytest.raises(InputError) as caught:
        programs.require_programs()
    assert caught.value.message == "the lab needs nft, nc, which are not installed"
    assert caught.value.remedy.endswith("apt-get install nftables netcat-openbsd")
