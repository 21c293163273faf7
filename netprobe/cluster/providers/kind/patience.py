"""Waiting for conditions, with progress, a deadline, and a diagnosis when it passes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_exponential

from netprobe.cluster.kube.rest import ConnectionBroke, Rest
from netprobe.cluster.providers.kind.conditions import Condition
from netprobe.cluster.providers.kind.diagnosis import Diagnosis, diagnose
from netprobe.cluster.providers.kind.recipe import Sign
from netprobe.errors import EnvironmentFailure, Refused

_SHORTEST, _LONGEST = 0.1, 2.0
"""Seconds between two looks: they grow."""
_BUSY = (429, 500, 502, 503, 504)
"""Answers of an API server that is starting; others will not get better."""

Troubles = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """Waits on one cluster for what has the name ``title``; ``signs`` are troubles that are known."""

    rest: Rest
    title: str
    cluster: str
    signs: Sequence[Sign]
    tell: Callable[[str], None]

    def wait(self, conditions: Sequence[Condition], seconds: float) -> None:
        """Return when all conditions hold; raises EnvironmentFailure with what is wrong at the deadline."""
        said: list[str] = []

        def look() -> Troubles:
            troubles = self._troubles(conditions)
            if troubles:
                done = f"{len(conditions) - len(troubles)} of {len(conditions)}"
                line = f"waiting for {self.title}: {done} ({', '.join(troubles)} to come)"
                if line not in said:
                    said.append(line)
                    self.tell(line)
            return troubles

        began = time.monotonic()
        left = _poll(look, seconds)
        if left:
            broken = [each for each in conditions if each.title in left]
            diagnosis = diagnose(self.rest, broken, left, self.signs)
            raise self._failure(left, diagnosis, time.monotonic() - began)

    def _troubles(self, conditions: Sequence[Condition]) -> Troubles:
        found: Troubles = {}
        for each in conditions:
            try:
                trouble = each.trouble(self.rest)
            except ConnectionBroke as broke:
                trouble = broke.message
            except Refused as refused:
                if refused.status not in _BUSY:
                    raise
                trouble = refused.message
            if trouble:
                found[each.title] = trouble
        return found

    def _failure(self, left: Troubles, diagnosis: Diagnosis, seconds: float) -> EnvironmentFailure:
        lines = [f"{self.title} is not ready on the kind cluster {self.cluster} after {seconds:.0f} s:"]
        lines += [f"    {title}: {why}" for title, why in left.items()]
        lines += [f"    {line}" for line in diagnosis.lines]
        look = f"kind export kubeconfig --name {self.cluster}, then kubectl get pods,events --all-namespaces"
        return EnvironmentFailure(
            "\n".join(lines),
            remedy="; ".join(diagnosis.known) or f"try again with --keep, and look into the cluster: {look}",
        )


def _poll(look: Callable[[], Troubles], seconds: float) -> Troubles:
    tries = Retrying(
        retry=retry_if_result(bool),
        wait=wait_exponential(multiplier=_SHORTEST, exp_base=1.5, max=_LONGEST),
        stop=stop_after_delay(seconds),
    )
    try:
        return tries(look)
    except RetryError as error:
        last: Troubles = error.last_attempt.result()
        return last
