"""Little histories of a cluster, written shortly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import yaml

from netprobe.lab.datapath.picture import Frontend, Picture
from netprobe.manifests.policy import decode_policy_body

FAR = Frontend(cluster_ip="10.96.0.20", port=8000, backends=(("10.244.1.2", 80),))
NEAR = Frontend(cluster_ip="10.96.0.21", port=80, backends=(("10.244.0.2", 80),))

Edit = Callable[[Picture], Picture]


@dataclass(frozen=True, kw_only=True)
class Case:
    """``history`` are the edits of the town, 100 s apart, each of the town as it was at first.

    ``opens`` is shut on a sound network and open under the fault, ``shuts`` the other way round;
    ``keeps`` is the same on both. Flows are ``source>destination:port[/UDP]``.
    """

    history: tuple[Edit, ...]
    keeps: str
    opens: str = ""
    shuts: str = ""

    @property
    def flow(self):
        return self.opens or self.shuts


def policy(namespace, spec, name="p"):
    body = yaml.safe_load(f"{{{spec}}}")
    body.setdefault("podSelector", {})
    return decode_policy_body(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"namespace": namespace, "name": name},
            "spec": body,
        }
    )


def with_policies(*policies):
    return lambda town: replace(town, policies=policies)


def x(spec, name="p"):
    """One policy in x, one edit."""
    return (with_policies(policy("x", spec, name)),)


def serving(*policies):
    """Both Services: one translates the port and leads to x/b on the other node, one to x/a on this."""
    return (lambda town: replace(town, frontends=(FAR, NEAR), policies=policies),)


def pods(edit):
    """``edit`` is called with "namespace/name" and the pod; None takes the pod away."""

    def change(town):
        edited = (edit(f"{pod.namespace}/{pod.name}", pod) for pod in town.pods)
        return replace(town, pods=tuple(pod for pod in edited if pod is not None))

    return change


def both(*edits):
    def change(town):
        for edit in edits:
            town = edit(town)
        return town

    return change
