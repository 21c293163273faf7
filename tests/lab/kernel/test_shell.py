from __future__ import annotations

import signal

import pytest

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import shell


def test_a_program_is_given_text_and_its_words_and_code_come_back():
    answer = shell.run(["sh", "-c", "cat; echo bad >&2; exit 3"], text="good")
    assert answer == shell.Answer(code=3, output="good", errors="bad\n")


def test_a_program_that_does_not_end_is_killed():
    with pytest.raises(EnvironmentFailure, match="sh did not end within"):
        shell.run(["sh", "-c", "read forever </dev/zero; while :; do :; done"], timeout=0.1)


def test_a_missing_program_is_a_sentence():
    with pytest.raises(EnvironmentFailure, match="no-such-program cannot be run: No such file"):
        shell.run(["no-such-program"])
    with pytest.raises(EnvironmentFailure, match="no-such-program cannot be run: No such file"):
        shell.start(["no-such-program"], environment={})


def test_a_started_program_has_its_own_session_environment_and_files(tmp_path):
    with (tmp_path / "words").open("w+b") as words:
        program = shell.start(
            ["/bin/sh", "-c", 'read -r _ _ _ _ _ sid _ </proc/$$/stat; echo "$WHO $sid $$" >&2; kill -9 $$'],
            environment={"WHO": "me", "PATH": "/usr/bin:/bin"},
            stderr=words,
        )
        assert program.wait(10) == -signal.SIGKILL
        words.seek(0)
        who, session, pid = words.read().decode().split()
    assert (who, session, pid) == ("me", str(program.pid), str(program.pid))
