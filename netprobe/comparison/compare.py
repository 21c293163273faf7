"""Several measured clusters into one comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netprobe.comparison.columns import column_of, is_lab
from netprobe.comparison.measured import Measured
from netprobe.comparison.rows import rows_of
from netprobe.comparison.sentences import names_of, sentence_of
from netprobe.model.comparison import Column, Comparison
from netprobe.model.ip_blocks import IpBlocksMeanPods


def compare(measured: Sequence[Measured]) -> Comparison:
    """Return the comparison; its columns stand in the order of ``measured``."""
    columns = tuple(column_of(each) for each in measured)
    rows = tuple(replace(row, sentence=sentence_of(row, columns)) for row in rows_of(measured))
    return Comparison(columns=columns, rows=rows, cautions=tuple(_cautions(measured, columns)))


def _cautions(measured: Sequence[Measured], columns: Sequence[Column]) -> Iterator[str]:
    """What a reader must know before concluding from differences."""
    labs = [column.label for column in columns if is_lab(column)]
    if labs:
        word = "emulations" if len(labs) > 1 else "an emulation"
        yield (
            f"{word}: {names_of(labs)}; real packets cross a lab that does what its title says, "
            "and a product of that name may do otherwise"
        )
    simulated = [column.label for column in columns if column.kind == "simulated"]
    if simulated:
        yield f"simulated, without any packet: {names_of(simulated)}"
    for key, words in (("netprobe", "versions of netprobe"), ("Kubernetes", "versions of Kubernetes")):
        versions = dict.fromkeys(each for column in columns if (each := column.environment.get(key)))
        if len(versions) > 1:
            yield f"the columns were measured with different {words}: {', '.join(versions)}"
    yield from _about_ip_blocks(measured)
    single = [
        each.label
        for each in measured
        if each.audit is not None and "flows between nodes" in each.audit.skipped
    ]
    if single and len(single) < len(columns):
        yield f"on {names_of(single)} no flow between nodes could be probed"


def _about_ip_blocks(measured: Sequence[Measured]) -> Iterator[str]:
    """The one question that Kubernetes leaves open and an audit answers, where the answers differ."""
    answers = {
        answer: [each.label for each in measured if each.audit and each.audit.ipblocks_mean_pods is answer]
        for answer in (IpBlocksMeanPods.YES, IpBlocksMeanPods.NO)
    }
    if all(answers.values()):
        yes, no = (names_of(labels) for labels in answers.values())
        yield (
            f"an ipBlock that holds a pod's address means the pod on {yes} and not on {no}; "
            "Kubernetes leaves it open, so both are right"
        )
