"""``netprobe doctor``: look at a cluster or at this machine, and say what would keep a run from an answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from netprobe import __version__
from netprobe.app.clean import leftovers
from netprobe.app.clusters import check_there, find_provider, open_cluster
from netprobe.app.late import load
from netprobe.cluster.kube.examining import Trials
from netprobe.cluster.kube.facts import Facts
from netprobe.cluster.port import Cluster, ObjectRef
from netprobe.config.settings import Config
from netprobe.doctor.about import About
from netprobe.doctor.cluster import check_cluster
from netprobe.doctor.machine import check_machine
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.lab.cluster.fitness import examine_machine
from netprobe.model.checkup import Check, Checkup, Health
from netprobe.runner.site import EXPIRES, RUN_LABEL
from netprobe.scenario.dressing import DEFAULT_IMAGE, dress, dress_namespace

FORMATS: Mapping[str, str] = {
    "text": "netprobe.report.checkup.to_text:render",
    "json": "netprobe.report.checkup.to_json:render",
}
"""Formats by name: what renders a checkup."""

_API = About("api", "API server")
_PULL = About("pull", "trial pod")
_GONE_SECONDS = 60.0
_NAME = "netprobe-doctor"


@runtime_checkable
class Examinable(Protocol):
    """A cluster that can be looked at before a run."""

    def examine(self, trials: Trials) -> Facts:
        """Look at all that could keep a run from an answer; nothing is written."""


def examine(config: Config, labs: Path, tell: Callable[[str], None], *, pull: bool = False) -> Checkup:
    """Examine the cluster of the settings; for a lab that begins with its run, this machine.

    ``pull`` starts one pod in a namespace of its own, and removes both. A cluster that does not answer is
    a checkup with one failed check. Raises InputError (cluster, kubeconfig, folder of ``labs``).
    """
    word = config.cluster
    kind = word.partition(":")[0]
    find_provider(kind)
    if kind == "lab":
        if pull:
            raise InputError(
                "--pull tries a pod on a cluster, and the lab pulls nothing",
                remedy="use --pull with --cluster context:NAME",
            )
        return _checkup("this machine, for the embedded lab", check_machine(examine_machine(labs)))
    check_there(word)
    tell(f"opening the cluster {word}")
    try:
        with closing(open_cluster(word)) as cluster:
            return _of_cluster(cluster, config, tell, pull=pull)
    except EnvironmentFailure as failure:
        return _checkup(f"cluster {word}", (_API.failed(failure.message, failure.remedy),))


def render(checkup: Checkup, name: str, *, width: int, color: bool) -> str:
    """The checkup in the format with this name."""
    function = load(FORMATS[name])
    text: str = function(checkup) if name == "json" else function(checkup, width=width, color=color)
    return text


def _of_cluster(cluster: Cluster, config: Config, tell: Callable[[str], None], *, pull: bool) -> Checkup:
    title = cluster.description.title
    if not isinstance(cluster, Examinable):
        raise InputError(f"{title} cannot be examined", remedy="use --cluster context:NAME or running-lab")
    tell("looking at what is there")
    image, now = config.image or DEFAULT_IMAGE, datetime.now(UTC)
    labels = _labels("doctor", now)
    facts = cluster.examine(trials_for(image, labels))
    found = leftovers(facts.namespaces.value or ())
    checks = check_cluster(
        facts, labels=_seen_labels(labels), expiries={each.namespace: each.expires for each in found}, now=now
    )
    if pull:
        tell(f"starting a pod with {image}")
        checks = (*checks, try_pod(cluster, image, config.deploy_deadline, now))
    return _checkup(title, checks)


def _checkup(subject: str, checks: tuple[Check, ...]) -> Checkup:
    return Checkup(subject=subject, netprobe_version=__version__, checks=checks)


def trials_for(image: str, labels: Mapping[str, str]) -> Trials:
    """A namespace and a pod like those of a run, for a dry run."""
    template = _deployment("default", image, labels)["spec"]["template"]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template["metadata"], "name": _NAME, "namespace": "default"},
        "spec": template["spec"],
    }
    return Trials(namespace=_namespace(_NAME, labels), pod=pod, image=image)


def try_pod(cluster: Cluster, image: str, deadline: float, now: datetime) -> Check:
    """Start one pod where a run would, and remove it with its namespace."""
    run_id = secrets.token_hex(3)
    name, labels = f"np-{run_id}-doctor", _labels(run_id, now)
    began = time.monotonic()
    try:
        cluster.apply([_namespace(name, labels)])
    except EnvironmentFailure as failure:
        return _PULL.failed(failure.message, failure.remedy)
    try:
        cluster.apply([_deployment(name, image, labels)])
        ref = ObjectRef(api_version="apps/v1", kind="Deployment", name=_NAME, namespace=name)
        cluster.wait_ready([ref], deadline)
        check = _PULL.ok(f"with {image} was ready after {time.monotonic() - began:.1f} s")
    except EnvironmentFailure as failure:
        check = _PULL.failed(failure.message, failure.remedy)
    finally:
        left = _remove(cluster, name)
    if not left:
        return check
    tell = _PULL.failed if check.health is Health.FAILED else _PULL.warning
    remedy = f"Look with `kubectl get namespace {name} -o yaml`."
    return tell(f"{check.found}; {left}", check.remedy or remedy)


def _remove(cluster: Cluster, namespace: str) -> str:
    """Remove the namespace of a trial; what went wrong, "" when it is gone."""
    try:
        cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name=namespace)])
        cluster.wait_gone([namespace], _GONE_SECONDS)
    except EnvironmentFailure as failure:
        return failure.message
    return ""


def _labels(run_id: str, now: datetime) -> dict[str, str]:
    return {RUN_LABEL: run_id, EXPIRES: str(int((now + timedelta(hours=1)).timestamp()))}


def _seen_labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels of a namespace of a run as webhooks see them."""
    metadata = _namespace("np-run-x", labels)["metadata"]
    return {**metadata["labels"], "kubernetes.io/metadata.name": metadata["name"]}


def _namespace(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return dress_namespace(
        {"metadata": {"name": name}}, run_labels=labels, annotations={EXPIRES: labels[EXPIRES]}
    )


def _deployment(namespace: str, image: str, labels: Mapping[str, str]) -> dict[str, Any]:
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": _NAME, "namespace": namespace, "labels": {"app": _NAME}},
        "spec": {"containers": [{"name": "server", "ports": [{"containerPort": 61080}]}]},
    }
    return dress(body, image=image, run_labels=labels, annotations={})
