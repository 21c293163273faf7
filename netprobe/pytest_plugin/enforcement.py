"""``netprobe.check()`` and the marker ``netprobe_enforced``: what the audit of the cluster says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import pytest

from netprobe.app.check import check_features
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.audit import AuditReport, Enforcement, FeatureResult, NodeResult
from netprobe.pytest_plugin.problems import explain
from netprobe.pytest_plugin.state import State

MARKER = "netprobe_enforced"


class Features(dict[str, FeatureResult]):
    """The features that were probed, by name; an unknown name is told with what is near."""

    def __missing__(self, name: str) -> NoReturn:
        near = did_you_mean(name, self) or f"features are: {', '.join(self)}"
        raise KeyError(f'the audit has no feature "{name}"; {near}')


@dataclass(frozen=True, repr=False)
class Network:
    """An audited network; true when it enforces NetworkPolicies. ``report`` is all that reports know."""

    report: AuditReport

    @property
    def verdict(self) -> Enforcement:
        """What the audit says of the whole network."""
        return self.report.audit.verdict

    @property
    def enforced(self) -> bool:
        """Whether everything is enforced. Fails the test when the audit proved nothing."""
        if self.verdict is Enforcement.INCONCLUSIVE:
            pytest.fail(f"the audit proves nothing about this cluster\n{self!r}", pytrace=False)
        return self.verdict is Enforcement.ENFORCED

    @property
    def features(self) -> Features:
        """What became of every feature, by its name."""
        return Features({each.name: each for each in self.report.audit.features})

    @property
    def nodes(self) -> dict[str, NodeResult]:
        """What became of every node, by its name."""
        return {each.node: each for each in self.report.audit.nodes}

    @property
    def diagnosis(self) -> str:
        """The name of what is most likely broken; "" when nothing is, or it is unknown."""
        suspects = self.report.audit.suspects
        return suspects[0].name if suspects else ""

    def __bool__(self) -> bool:
        return self.enforced

    def __repr__(self) -> str:
        """One line (pytest cuts it): the verdict, why, and what is most likely broken."""
        audit = self.report.audit
        likely = f"; most likely {self.diagnosis}" if self.diagnosis else ""
        return f"<{self.report.cluster.title}: {audit.verdict.value}, {audit.sentence}{likely}>"


def audited(state: State) -> Network:
    """Return the network of the session's cluster, audited at the first call.

    When the audit cannot be made, the first who asks fails with the reason, the others are skipped.
    """
    return Network(state.audited())


def demand(state: State, item: pytest.Item) -> None:
    """Skip a marked test with the proof when the cluster does not enforce; no answer is an error."""
    marks = list(item.iter_markers(MARKER))
    names = tuple(dict.fromkeys(str(name) for mark in marks for name in mark.args))
    if wrong := _wrong(names):
        pytest.fail(wrong, pytrace=False)
    network = audited(state)
    if any(not mark.args for mark in marks):
        _demand_all(network)
    for name in names:
        _demand_feature(network, name)


def _wrong(names: tuple[str, ...]) -> str:
    try:
        check_features(names)
    except InputError as error:
        return explain(error)
    return ""


def _demand_all(network: Network) -> None:
    if not network.enforced:
        how = "fully " if network.verdict is Enforcement.PARTIALLY_ENFORCED else ""
        proof = network.report.audit.sentence.removeprefix("NetworkPolicies are ")
        likely = f" (most likely {network.diagnosis})" if network.diagnosis else ""
        _skip(f"NetworkPolicies are not {how}enforced here: {proof}{likely}")


def _demand_feature(network: Network, name: str) -> None:
    found = network.features.get(name)
    if found is None:
        pytest.fail(
            f"the audit of {network.report.cluster.title} ended before {name} was probed", pytrace=False
        )
    match found.verdict:
        case Enforcement.ENFORCED:
            return
        case Enforcement.INCONCLUSIVE:
            pytest.fail(f"the audit proves nothing about {found.title}: {found.tally.reason}", pytrace=False)
        case Enforcement.SKIPPED:
            _skip(f"{found.title} cannot be audited here: {found.tally.reason}")
        case Enforcement.NOT_ENFORCED | Enforcement.PARTIALLY_ENFORCED:
            proof = f": {found.examples[0]}" if found.examples else ""
            _skip(f"not enforced here, {found.title}{proof}")


def _skip(reason: str) -> NoReturn:
    raise pytest.skip.Exception(reason, _use_item_location=True)
