"""Where command lines are tried: an empty folder, with scenarios when a test writes some."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """An empty folder in which the test stands, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    for name in [name for name in os.environ if name.startswith("NETPROBE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NETPROBE_CLUSTER", "simulated")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.fixture
def scenario(desk) -> Callable[..., str]:
    """Return a writer of scenarios: a grid of pods whose namespace denies all ingress."""

    def write(name: str = "deny", pods: str = "a, b", more: str = "") -> str:
        folder = desk / name
        folder.mkdir()
        (folder / "scenario.yaml").write_text(
            f"netprobe: 1\nname: {name}\n"
            f"grid: {{namespaces: {{x: {{}}}}, pods: [{pods}], ports: [80]}}\n"
            f"steps: [{{name: deny all, apply: [deny.yaml], intent: {{default: deny}}}}]\n{more}",
            encoding="utf-8",
        )
        (folder / "deny.yaml").write_text(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            "metadata: {name: deny-all, namespace: x}\n"
            "spec: {podSelector: {}, policyTypes: [Ingress]}\n",
            encoding="utf-8",
        )
        return f"./{name}"

    return write
