"""Run a coroutine of a test module in an isolated lab, in a process of its own."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def in_a_lab() -> Callable[[Callable[..., object]], str]:
    """A function that runs ``async def function(lab)`` in isolation and returns what it printed."""

    def run(function: Callable[..., object]) -> str:
        runner = Path(__file__).with_name("lab_runner.py")
        argv = [sys.executable, "-X", "dev", "-W", "error", str(runner)]
        argv += [inspect.getfile(function), function.__name__]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=80, check=False)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert not done.stderr, done.stderr
        return done.stdout

    return run
