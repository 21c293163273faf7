"""What a person reads when a command fails: what, where, what to do; never a traceback."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

import click

from netprobe.errors import InputError, NetprobeError

INTERNAL = 70
"""The exit code of a fault in netprobe itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The lines for standard error, and the exit code."""

    lines: tuple[str, ...]
    exit_code: int


def explain(error: BaseException, *, debug: bool) -> Failure:
    """Return what to tell of ``error``; with ``debug`` the traceback comes along."""
    trace = tuple("".join(traceback.format_exception(error)).splitlines()) if debug else ()
    told = _explain(error, debug=debug)
    return Failure(lines=(*trace, *told.lines), exit_code=told.exit_code)


def _explain(error: BaseException, *, debug: bool) -> Failure:
    match error:
        case NetprobeError():
            return Failure(lines=_netprobe_lines(error), exit_code=error.exit_code)
        case click.ClickException():
            return Failure(lines=_click_lines(error), exit_code=2)
        case KeyboardInterrupt() | click.Abort():
            return Failure(lines=("netprobe: stopped",), exit_code=130)
        case _:
            return Failure(lines=_internal_lines(error, debug=debug), exit_code=INTERNAL)


def _netprobe_lines(error: NetprobeError) -> tuple[str, ...]:
    problems = error.problems if isinstance(error, InputError) else ()
    told = (str(problem) for problem in problems)
    lines = [
        f"netprobe: {error.message}",
        *(f"  {text}" for text in told if not error.message.startswith(text)),
    ]
    lines += [f"→ {error.remedy}"] if error.remedy else []
    return tuple(lines)


def _click_lines(error: click.ClickException) -> tuple[str, ...]:
    message = error.format_message().strip()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return tuple(message.splitlines())
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "netprobe"
    return (f"netprobe: {message[:1].lower()}{message[1:]}", f"→ see {path} --help")


def _internal_lines(error: BaseException, *, debug: bool) -> tuple[str, ...]:
    words = " ".join(str(error).split()) or "no message"
    what = f"netprobe: internal error, not your fault: {type(error).__name__}: {words}"
    return (what,) if debug else (what, "→ run again with NETPROBE_DEBUG=1 to see where")
