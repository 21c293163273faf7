"""The peers of a rule: who is meant by an entry of ``from`` or ``to``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netprobe.model.policy import Peer
from netprobe.model.topology import Namespace, Pod
from netprobe.oracle.selectors import selects

_NAME = "kubernetes.io/metadata.name"


class Directory:
    """The labels of namespaces, and which pods the selectors of a peer mean."""

    def __init__(self, namespaces: Iterable[Namespace]) -> None:
        """A namespace that is not listed has only the label that the API server gives every one."""
        self._labels: dict[str, Mapping[str, str]] = {n.name: n.labels for n in namespaces}
        self._known: dict[tuple[int, str, str, str], bool] = {}

    def labels(self, namespace: str) -> Mapping[str, str]:
        """Return the labels of a namespace."""
        return self._labels.get(namespace) or {_NAME: namespace}

    def means(self, peer: Peer, home: str, pod: Pod) -> bool:
        """Whether the selectors of ``peer``, in a policy of namespace ``home``, mean ``pod``.

        An ipBlock never means a pod by itself. The answer is remembered for the peer object, which
        must live as long as this directory.
        """
        key = (id(peer), home, pod.namespace, pod.name)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._means(peer, home, pod)
        return found

    def _means(self, peer: Peer, home: str, pod: Pod) -> bool:
        if peer.pod_selector is None and peer.namespace_selector is None:
            return False
        return self.means_namespace(peer, home, pod) and means_labels(peer, pod)

    def means_namespace(self, peer: Peer, home: str, pod: Pod) -> bool:
        """Whether the peer's selectors mean the namespace of ``pod``.

        Reference: NetworkPolicyPeer, podSelector without namespaceSelector selects "the pods matching
        podSelector in the policy's own namespace"; namespaceSelector alone selects "all pods in the
        namespaces selected by namespaceSelector"; an empty one "selects all namespaces".
        """
        if peer.namespace_selector is None:
            return pod.namespace == home
        return selects(peer.namespace_selector, self.labels(pod.namespace))


def means_labels(peer: Peer, pod: Pod) -> bool:
    """Whether the peer's podSelector (every pod when it has none) selects the pod's labels.

    Concept page, "Behavior of to and from selectors": an entry with both selectors means the pods
    that both select (AND), two entries mean the pods that either selects (OR).
    """
    return peer.pod_selector is None or selects(peer.pod_selector, pod.labels)
