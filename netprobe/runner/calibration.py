"""Whether ipBlocks mean pods in this network: a setting says so, or one edge is measured for it.

The reference means ipBlocks for addresses outside the cluster and leaves open what they do to pods.
Where the answer can matter, it is found before the first step, and the whole run is judged with it.
"""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.manifests.policy import decode_policy_body
from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import IPBlock, NetworkPolicy
from netprobe.model.scenario import Scenario
from netprobe.oracle.addresses import holds
from netprobe.record.records import Calibration
from netprobe.runner.calibration_edge import Client, Edge
from netprobe.runner.controls import Controls
from netprobe.runner.overruled import expected
from netprobe.runner.pod_addresses import cidr_in
from netprobe.runner.results import headline
from netprobe.runner.rounds import Rounds
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot
from netprobe.scenario.addresses import with_addresses


def is_needed(scenario: Scenario, snapshot: Snapshot) -> bool:
    """Whether an ipBlock of the scenario's policies, or of those in force, holds a pod's address now."""
    addresses = {address for pod in snapshot.topology.pods for address in pod.ips}
    return any(holds(block, address) for block in _ip_blocks(scenario, snapshot) for address in addresses)


def calibrate(
    site: Site, scenario: Scenario, snapshot: Snapshot, rounds: Rounds, sentinel: Sentinel
) -> Calibration | None:
    """Return what the settings say, else what is measured, and None for a run that need not know.

    Where the policy that it is measured with never takes effect, ``sentinel`` need not wait for its own as
    long again. Raises EnvironmentFailure when that policy cannot be written.
    """
    fixed = site.options.ip_blocks_mean_pods
    if fixed is not None:
        has_blocks = next(iter(_ip_blocks(scenario, snapshot)), None) is not None
        return Calibration(ip_blocks_mean_pods=fixed, measured=False) if has_blocks else None
    if not is_needed(scenario, snapshot):
        return None
    site.watcher.stage("measuring whether ipBlocks mean pods")
    with site.figures.timing("calibration_seconds"):
        calibration = _measure(site, snapshot, rounds)
    if calibration.not_enforced_on:
        sentinel.not_enforced.append(calibration.not_enforced_on)
        site.watcher.headline(headline(calibration.not_enforced_on))
    return calibration


def _measure(site: Site, snapshot: Snapshot, rounds: Rounds) -> Calibration:
    begin, controls = site.now(), Controls(snapshot)
    server = controls.calibration()
    control = controls.control(server.node) if server is not None else None
    stranger = controls.sentinel(server.node) if server is not None else None
    if server is None or control is None or stranger is None:
        reason = "the pods to measure it with do not run"
        return Calibration(ip_blocks_mean_pods=IpBlocksMeanPods.UNKNOWN, reason=reason)
    admitted, other = Client(pod=control, server=server), Client(pod=stranger, server=server)
    edge = Edge(site=site, rounds=rounds, controls=controls, admitted=admitted, stranger=other)
    if _is_overruled(snapshot, edge):
        reason = "a cluster-wide policy decides about the pods to measure it with"
        return Calibration(ip_blocks_mean_pods=IpBlocksMeanPods.UNKNOWN, reason=reason)
    answer, reason = edge.measure()
    return Calibration(
        ip_blocks_mean_pods=answer,
        reason=reason,
        observations=(admitted.observation, other.observation),
        not_enforced_on=server.node if edge.had_no_effect else "",
        seconds=round(site.now() - begin, 3),
    )


def _is_overruled(snapshot: Snapshot, edge: Edge) -> bool:
    """Whether the policy would not leave one client open and shut the other out."""
    wanted = ((edge.admitted, Answer.UNDEFINED), (edge.stranger, Answer.DENY))
    return bool(snapshot.admin_policies) and any(
        expected(snapshot, edge.policy, client.pod, client.server) is not answer for client, answer in wanted
    )


def _ip_blocks(scenario: Scenario, snapshot: Snapshot) -> Iterable[IPBlock]:
    """The ipBlocks of the scenario's policies and of those in force."""
    bodies = (
        manifest.body
        for step in scenario.steps
        for action in step.actions
        for manifest in action.manifests
        if manifest.kind == "NetworkPolicy"
    )
    cidr_of = cidr_in(snapshot)
    filled = (with_addresses(body, cidr_of) for body in bodies)
    for body in (*filled, *snapshot.policies):
        yield from _blocks_of(decode_policy_body(body))


def _blocks_of(policy: NetworkPolicy) -> Iterable[IPBlock]:
    for rule in (*(policy.ingress or ()), *(policy.egress or ())):
        for peer in rule.peers or ():
            if peer.ip_block is not None:
                yield peer.ip_block
