"""Several runs in few lines: one for each that needs no reading, and what all of them come to."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence

from netprobe.model.finding import Verdict
from netprobe.model.run import RunResult
from netprobe.report.conclusion import conclude, count_kinds, count_verdicts, exit_code_of, flows
from netprobe.report.ink import Ink, Painter

_INKS = {"PASS": Ink.GOOD, "FAIL": Ink.BAD}
_WORD_WIDTH = len("INTERRUPTED")
_NAME_WIDTH = 27
_MEASURED_WIDTH = 19


def needs_reading(result: RunResult) -> bool:
    """Whether a report has more to say than that everything is as it should be."""
    return bool(result.headlines or result.interrupted) or result.verdict is not Verdict.PASS


def render_line(result: RunResult, *, width: int, color: bool) -> str:
    """Return one line about ``result``: its word, its name, what was measured, its title."""
    word = conclude(result).word
    painted = Painter(color=color).paint(word, _INKS.get(word, Ink.DOUBT))
    rest = f"{result.scenario:<{_NAME_WIDTH}}  {_measured(result)}"
    if result.title and not needs_reading(result):
        rest = f"{rest:<{_NAME_WIDTH + _MEASURED_WIDTH}}  {result.title}"
    room = max(width, 40) - _WORD_WIDTH - 2
    rest = rest if len(rest) <= room else f"{rest[: room - 1]}…"
    return f"{painted}{' ' * (_WORD_WIDTH - len(word))}  {rest}".rstrip() + "\n"


def render_summary(results: Sequence[RunResult], *, width: int, color: bool) -> str:
    """Return what several runs come to: those that need reading again by name, the counts, the end."""
    painter = Painter(color=color)
    headlines = dict.fromkeys(headline for result in results for headline in result.headlines)
    lines = [painter.paint(headline, Ink.BAD) + "\n" for headline in headlines]
    lines += [render_line(result, width=width, color=color) for result in results if needs_reading(result)]
    findings = [finding for result in results for finding in result.findings]
    kinds = ", ".join(f"{count} {kind}" for kind, count in count_kinds(findings).items())
    verdicts = ", ".join(
        f"{count} {verdict}" + (f" ({kinds})" if verdict is Verdict.FAIL else "")
        for verdict, count in reversed(count_verdicts(findings).items())
    )
    lines.append(f"{len(results)} runs, {flows(len(findings))}: {verdicts or 'nothing measured'}\n")
    code = exit_code_of(results)
    word, sentence = _conclusion(results, code)
    text = f"{word}: {sentence} (exit code {code})"
    wrapped = textwrap.fill(text, max(width, 40), subsequent_indent="  ", break_on_hyphens=False)
    lines.append(painter.paint(wrapped, _INKS.get(word, Ink.DOUBT)) + "\n")
    return "".join(lines)


def _measured(result: RunResult) -> str:
    counts = count_verdicts(result.findings)
    odd = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if verdict is not Verdict.PASS)
    what = f"{flows(len(result.findings))}, {result.seconds:.1f} s"
    return f"{what}: {odd}" if odd else what


def _conclusion(results: Sequence[RunResult], code: int) -> tuple[str, str]:
    words = Counter(conclude(result).word for result in results)
    if code == 0:
        less = ", ".join(f"{count} {word}" for word, count in words.items() if word != "PASS")
        as_it_should = f"{words['PASS']} of {len(results)} runs are as they should be"
        return "PASS", f"{as_it_should}; {less}" if less else f"all {len(results)} runs pass"
    word = "FAIL" if code == 1 else "INCONCLUSIVE"
    wanted = Verdict.FAIL if code == 1 else Verdict.INCONCLUSIVE
    blamed = [r.scenario for r in results if r.verdict is wanted or (code != 1 and r.interrupted)]
    if not blamed:
        return word, "nothing passed"
    verb = "failures are proved in" if code == 1 else "there is no answer from"
    return word, f"{verb} {len(blamed)} of {len(results)} runs: {', '.join(blamed)}"
