"""What a person reads of an error: the message, every problem with its place, what to do."""

from __future__ import annotations

from dataclasses import replace

from netprobe.errors import InputError, NetprobeError
from netprobe.model.place import Place, Problem


def explain(error: NetprobeError) -> str:
    """Return the message, the problems and the remedy as lines."""
    problems = error.problems if isinstance(error, InputError) else ()
    lines = [f"netprobe: {error.message}", *(f"  {_in_our_words(problem)}" for problem in problems)]
    lines += [f"→ {error.remedy}"] if error.remedy else []
    return "\n".join(lines)


def _in_our_words(problem: Problem) -> Problem:
    """Name the options of pytest where the command line's are named."""
    names = {
        "--cluster": "--netprobe-cluster",
        "--settle": "--netprobe-settle",
        "--output": "--netprobe-report",
    }
    file = problem.place.file
    if file in names:
        return replace(problem, place=Place(file=names[file]))
    if file.startswith("--require "):
        return replace(problem, place=Place(file=f"netprobe_enforced({file.partition(' ')[2]!r})"))
    if file.startswith("-o "):
        return replace(problem, place=Place(file=f"--netprobe-report {file[3:]}"))
    return problem
