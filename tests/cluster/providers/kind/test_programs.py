"""Programs: deadlines, what a failing one said, and that none outlives an interruption."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from netprobe.cli.signals import interruptible
from netprobe.cluster.providers.kind import programs as door
from netprobe.cluster.providers.kind.programs import ProgramFailed, Programs
from netprobe.errors import EnvironmentFailure, InputError, RunInterrupted


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_output_errors_and_code_are_an_answer(machine):
    machine.answer("docker info", code=3, out="out\n", err="err\n")
    answer = Programs().ask("docker", "info", deadline=10, text="in")
    assert (answer.code, answer.output, answer.errors) == (3, "out\n", "err\n")
    assert machine.calls[-1].stdin == "in"


def test_a_failure_shows_the_command_and_the_last_lines(machine):
    machine.answer("kubectl", code=1, err="".join(f"line {n} {'x' * 400}\n" for n in range(20)))
    with pytest.raises(ProgramFailed) as caught:
        Programs().run("kubectl", "apply", "-f", "a b", deadline=10)
    first, *lines = caught.value.message.splitlines()
    assert first == "`kubectl apply -f 'a b'` failed (exit code 1):"
    assert lines[0].strip() == "(8 lines before these)"
    assert lines[1].startswith("    line 8 x")
    assert all(len(line) < 310 for line in lines)
    assert "line 0" in caught.value.words


def test_a_program_that_does_not_end_is_ended(machine):
    machine.answer("kind load", "hang", out="loading\n")
    with pytest.raises(ProgramFailed, match=r"`kind load x` did not end within 0\.5 s:\n    loading"):
        Programs().run("kind", "load", "x", deadline=0.5)
    assert not is_alive(machine.calls[-1].pid)


def test_one_that_does_not_listen_is_killed(machine, monkeypatch):
    monkeypatch.setattr(door, "_GRACE_SECONDS", 0.2)
    machine.answer("kind load", "hang", "deaf")
    with pytest.raises(ProgramFailed, match="did not end"):
        Programs().run("kind", "load", deadline=0.5)
    assert not is_alive(machine.calls[-1].pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_the_program(machine, number):
    fifo = machine.home / "knock"
    os.mkfifo(fifo)
    rule = machine.answer("kind create", "hang")
    (rule / "knock").symlink_to(fifo)

    def interrupt():
        fifo.read_text(encoding="utf-8")  # until the program runs
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with interruptible(), pytest.raises(RunInterrupted):
        Programs().run("kind", "create", deadline=60)
    thread.join()
    assert not is_alive(machine.calls[-1].pid)


def test_a_program_that_is_not_there_is_wrong_input(machine):
    machine.uninstall("helm")
    assert not Programs().has("helm")
    with pytest.raises(InputError, match="the program helm is not on PATH"):
        Programs().run("helm", "version", deadline=1)


def test_a_program_that_cannot_be_run_is_the_environment(machine):
    (machine.bin / "helm").write_text("#!/nowhere/interpreter\n", encoding="utf-8")
    with pytest.raises(EnvironmentFailure, match="helm cannot be run"):
        Programs().run("helm", "version", deadline=1)
