"""Every failure is a few sentences and an exit code."""

from __future__ import annotations

import click
import pytest

from netprobe.cli.failures import explain
from netprobe.errors import EnvironmentFailure, InputError, NetprobeError, Refused, RunInterrupted
from netprobe.model.place import Place, Problem


def test_wrong_input_lists_every_problem_and_the_remedy():
    problems = [
        Problem(
            place=Place(file="a.yaml", line=3, column=5), message="unknown key", hint='did you mean "x"?'
        ),
        Problem(place=Place(file="b.yaml"), message="missing"),
    ]
    failure = explain(InputError("two things are wrong", problems=problems, remedy="mend them"), debug=False)
    assert failure.exit_code == 2
    assert failure.lines == (
        "netprobe: two things are wrong",
        '  a.yaml:3:5: unknown key; did you mean "x"?',
        "  b.yaml: missing",
        "→ mend them",
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EnvironmentFailure("the API server does not answer"), 3),
        (Refused("forbidden", status=403, reason="Forbidden"), 3),
        (RunInterrupted("stopped", signal_number=2), 130),
        (RunInterrupted("stopped", signal_number=15), 143),
        (NetprobeError("odd"), 70),
        (KeyboardInterrupt(), 130),
        (click.UsageError("No such option"), 2),
        (KeyError("key"), 70),
        (RecursionError("deep"), 70),
        (SystemError(), 70),
    ],
)
def test_exit_codes(error, code):
    failure = explain(error, debug=False)
    assert failure.exit_code == code
    assert failure.lines[0].startswith("netprobe: ")
    assert not any("Traceback" in line for line in failure.lines)


def test_an_internal_error_is_one_sentence_and_says_how_to_see_more():
    failure = explain(ValueError("first\nsecond"), debug=False)
    assert failure.lines == (
        "netprobe: internal error, not your fault: ValueError: first second",
        "→ run again with NETPROBE_DEBUG=1 to see where",
    )


def test_debug_brings_the_traceback():
    try:
        raise ValueError("inside")  # noqa: TRY301 - a traceback needs a raise
    except ValueError as error:
        failure = explain(error, debug=True)
    assert failure.lines[0].startswith("Traceback")
    assert any("test_failures.py" in line for line in failure.lines)
    assert failure.exit_code == 70
