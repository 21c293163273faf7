"""Which explanation fits what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from netprobe.audit.explanations import SOUND, Explanation
from netprobe.audit.history import History
from netprobe.audit.predicting import Predictor
from netprobe.model.audit import Suspect
from netprobe.model.decision import Answer
from netprobe.model.flow import Flow
from netprobe.model.ip_blocks import IpBlocksMeanPods

NEAREST = 3
"""How many explanations are named that come near without fitting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What was seen of a flow after a step: ``seen`` is ALLOW for open and DENY for closed."""

    step: int
    flow: Flow
    seen: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """``fitting`` agree with all that was seen; ``near`` come nearest when none does."""

    deviations: int = 0
    fitting: tuple[Suspect, ...] = ()
    near: tuple[Suspect, ...] = ()


def diagnose(
    sights: Sequence[Sight],
    histories: Sequence[History],
    explanations: Iterable[Explanation],
    blocks: IpBlocksMeanPods,
) -> Diagnosis:
    """Compare what was seen with what each explanation would have led to.

    ``histories`` holds, for each step, the states up to it. An explanation is named only when it agrees
    with every probe, so that an unknown fault gets no wrong name.
    """
    sound = _predict(SOUND, sights, histories, blocks)
    deviating = [n for n, sight in enumerate(sights) if _differs(sound[n], sight.seen)]
    if not deviating:
        return Diagnosis()
    suspects = []
    for explanation in explanations:
        predicted = _predict(explanation, sights, histories, blocks)
        wrong = {n for n, sight in enumerate(sights) if _differs(predicted[n], sight.seen)}
        suspects.append(
            Suspect(
                name=explanation.name,
                says=explanation.says,
                cites=explanation.cites,
                explained=sum(n not in wrong for n in deviating),
                deviations=len(deviating),
                against=len(wrong.difference(deviating)),
            )
        )
    fitting = tuple(each for each in suspects if each.explained == each.deviations and not each.against)
    ranked = sorted(suspects, key=lambda each: each.deviations - each.explained + each.against)
    near = () if fitting else tuple(each for each in ranked if each.explained)[:NEAREST]
    return Diagnosis(deviations=len(deviating), fitting=fitting, near=near)


def _predict(
    explanation: Explanation,
    sights: Sequence[Sight],
    histories: Sequence[History],
    blocks: IpBlocksMeanPods,
) -> list[Answer]:
    predictors = [Predictor(explanation, history, blocks) for history in histories]
    return [predictors[sight.step].answers([sight.flow])[0] for sight in sights]


def _differs(predicted: Answer, seen: Answer) -> bool:
    """An open prediction contradicts nothing."""
    return predicted is not Answer.UNDEFINED and predicted is not seen
