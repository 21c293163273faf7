"""Bare pods: nobody makes them again when they are gone, so a restart does."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.errors import EnvironmentFailure
from netprobe.model.scenario import Action, Manifest, Scenario
from netprobe.runner.deploy import dressed, ref_to
from netprobe.runner.site import Site
from netprobe.scenario.dressing import is_bare

PAUSE = 0.2
"""Seconds between looks whether a deleted pod has left."""


def make_again(site: Site, scenario: Scenario, restarted: Iterable[Action]) -> None:
    """Create the bare pods among the restarted workloads under their old names, once these are free.

    Raises EnvironmentFailure when one does not leave before the deadline of a deployment.
    """
    for action in restarted:
        manifest = _bare_pod(scenario, action)
        if manifest is not None:
            body = dressed(site, manifest)
            ref = ref_to(body)
            _wait_until_gone(site, ref.namespace, ref.name)
            site.cluster.apply([body])


def _bare_pod(scenario: Scenario, action: Action) -> Manifest | None:
    for manifest in scenario.manifests:
        if is_bare(manifest.body) and (manifest.namespace, manifest.name) == (action.namespace, action.name):
            return manifest
    return None


def _wait_until_gone(site: Site, namespace: str, name: str) -> None:
    deadline = site.now() + site.options.deploy_deadline
    while _is_there(site, namespace, name):
        if site.now() >= deadline:
            raise EnvironmentFailure(
                f"after {site.options.deploy_deadline:g} s the deleted pod {name} is still there",
                remedy=f"see what keeps it: kubectl --namespace {namespace} describe pod {name}",
            )
        site.options.clock.wait(PAUSE)


def _is_there(site: Site, namespace: str, name: str) -> bool:
    metadata = (body["metadata"] for body in site.cluster.read([namespace]).pods)
    return any(isinstance(each, dict) and each.get("name") == name for each in metadata)
