"""``netprobe compare``: measure several clusters by one suite, or take saved runs, and compare them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from netprobe.app.clusters import canonical
from netprobe.app.journals import journal_paths
from netprobe.app.measuring import Measurement, Suite, measure
from netprobe.app.saved_runs import load_saved, names_a_file
from netprobe.app.scenarios import load_scenarios
from netprobe.campaign.clusters import Named, measure_side_by_side
from netprobe.campaign.stopping import Stop
from netprobe.comparison.compare import compare as compare_columns
from netprobe.comparison.measured import Measured
from netprobe.config.settings import Config
from netprobe.errors import InputError
from netprobe.model.comparison import Comparison
from netprobe.model.place import Place, Problem
from netprobe.runner.progress import Watcher


class FailOn(StrEnum):
    """What else than a missing answer lets the command fail."""

    DIFFERENCE = "difference"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareRequest:
    """What ``netprobe compare`` was asked for.

    ``words`` are files of saved runs and, beside ``clusters``, names of scenarios. ``at_once`` labs are
    measured at the same time; None: as many as there are cores, and at least two.
    """

    config: Config
    clusters: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    everything: bool = False
    check: bool = True
    at_once: int | None = None
    fail_on: FailOn | None = None


def compare(request: CompareRequest, watcher: Watcher) -> Comparison:
    """Measure, read, and compare. Raises InputError for what is wrong with the words, before anything runs.

    A cluster that cannot be opened, or gives no answer, is a column with its reason. After an
    interruption the comparison holds what was measured until then.
    """
    files = tuple(word for word in request.words if not request.clusters or names_a_file(word))
    names = tuple(word for word in request.words if word not in files)
    _check_clusters(request.clusters)
    saved = load_saved(files)
    if len(request.clusters) + len(saved) < 2:
        raise _too_few(request.clusters, saved)
    measured = _measure_all(request, _suite_of(request, names), watcher) if request.clusters else ()
    return compare_columns((*measured, *saved))


def exit_code_of(comparison: Comparison, fail_on: FailOn | None) -> int:
    """1 for what the user wants to fail on, 3 when something has no answer, else 0."""
    wanted = {
        FailOn.DIFFERENCE: bool(comparison.differing),
        FailOn.FAIL: comparison.failing,
        None: False,
    }
    return 1 if wanted[fail_on] else 0 if comparison.measured else 3


def _check_clusters(words: Sequence[str]) -> None:
    """Raise InputError for words that name no cluster, and for those that name the same one."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for word in words:
        try:
            plain = canonical(word)
        except InputError as error:
            problems.append(_problem(word, error.message, error.remedy))
            continue
        if plain in seen:
            same = seen[plain]
            again = "this cluster is named twice" if same == word else f"this is the same cluster as {same}"
            problems.append(_problem(word, again, "each cluster is one column"))
        seen.setdefault(plain, word)
    if problems:
        raise InputError("the clusters are wrong", problems=problems)


def _problem(word: str, message: str, hint: str) -> Problem:
    return Problem(place=Place(file=f"--cluster {word}"), message=message, hint=hint)


def _too_few(clusters: Sequence[str], saved: Sequence[Measured]) -> InputError:
    there = [*clusters, *(each.label for each in saved)]
    what = f"there is only one: {there[0]}" if there else "nothing is named"
    return InputError(
        f"a comparison needs two clusters or saved runs, and {what}",
        remedy="give --cluster twice, or files that netprobe check or run wrote with -o json=FILE",
    )


def _suite_of(request: CompareRequest, names: Sequence[str]) -> Suite:
    wanted = bool(names) or request.everything
    if not request.check and not wanted:
        raise InputError("there is nothing to measure", remedy="name scenarios, or leave out --no-check")
    scenarios = load_scenarios(names, everything=request.everything) if wanted else ()
    return Suite(config=request.config, check=request.check, scenarios=scenarios)


def _measure_all(request: CompareRequest, suite: Suite, watcher: Watcher) -> Sequence[Measured]:
    """Measure labs side by side, then the other clusters one after the other; in the order of the words."""
    _check_journals(suite.config.journals)
    labs = [word for word in request.clusters if word.partition(":")[0] == "lab"]
    width = min(len(labs), request.at_once or max(2, os.cpu_count() or 1))
    results: dict[str, Measurement] = {}
    stopped = False
    if width > 1:

        def one(word: str, listener: Watcher, stop: Stop) -> Measurement:
            return measure(word, suite, listener, stop=stop, share=width)

        results.update(measure_side_by_side(labs, one, watcher, width))
        stopped = len(results) < len(labs) or any(each.stopped for each in results.values())
    for word in request.clusters:
        if word not in results and not stopped:
            results[word] = measure(word, suite, Named(word, watcher))
            stopped = results[word].stopped
    return [results[word].measured if word in results else _unmeasured(word) for word in request.clusters]


def _check_journals(folder: str) -> None:
    """Make the folder of journals, or raise InputError: no cluster could be measured without it."""
    try:
        journal_paths((), (), named=None, folder=folder)
    except InputError as error:
        remedy = "set NETPROBE_JOURNALS to a folder that you may write to"
        raise InputError(error.message, remedy=remedy) from error


def _unmeasured(word: str) -> Measured:
    return Measured(label=word, missing="not measured: the comparison was stopped before it ended here")
