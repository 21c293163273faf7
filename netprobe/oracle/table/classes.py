"""Classes of pods that no policy tells apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.model.topology import Pod
from netprobe.oracle.lookup import is_finished
from netprobe.oracle.peers import Directory
from netprobe.oracle.table.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class PodClass:
    """Pods with the same answers in every flow with others; ``first`` stands for all of them."""

    pods: tuple[Pod, ...]

    @property
    def first(self) -> Pod:
        """A pod of the class."""
        return self.pods[0]


def classify(pods: Iterable[Pod], directory: Directory, words: Vocabulary) -> tuple[PodClass, ...]:
    """Group the pods that run, in the order in which each class is first met.

    Pods that have finished own no address and take part in no flow.
    """
    living = [pod for pod in pods if not is_finished(pod)]
    host_nodes = frozenset(pod.node for pod in living if pod.host_network)
    spaces: dict[str, object] = {}
    classes: dict[object, list[Pod]] = {}
    for pod in living:
        space = spaces.get(pod.namespace)
        if space is None:
            space = spaces[pod.namespace] = _space(pod.namespace, directory, words)
        get = pod.labels.get
        key = (
            space,
            tuple([get(name) for name in words.pod_keys]),
            pod.ports,
            _where(pod, words) if words.edges or pod.host_network else (),
            pod.host_network,
            pod.node if pod.node in host_nodes else bool(pod.node),
        )
        classes.setdefault(key, []).append(pod)
    return tuple(PodClass(tuple(members)) for members in classes.values())


def _space(namespace: str, directory: Directory, words: Vocabulary) -> object:
    """A namespace with policies is like no other; the rest only have labels."""
    if namespace in words.homes:
        return namespace
    labels = directory.labels(namespace)
    return tuple(labels.get(key) for key in words.namespace_keys)


def _where(pod: Pod, words: Vocabulary) -> object:
    """A pod on its node's network has the node's address, which selectors of nodes look at."""
    if pod.host_network and words.names_nodes:
        return pod.ips
    return tuple(words.point(address) for address in pod.ips)
