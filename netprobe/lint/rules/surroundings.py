"""What stands around the policies: namespaces, pods, Services for names outside."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.bodies import policy_body
from netprobe.lint.found import Found, entry
from netprobe.lint.remedies import freely_named
from netprobe.lint.scene import ALWAYS_THERE, Scene
from netprobe.lint.sites import NOWHERE, key_of, place_of, sites_of
from netprobe.lint.wording import local_names
from netprobe.lint.yaml_text import to_yaml
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import Direction, IPBlock, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.topology import Pod, Service


def no_pods(scene: Scene) -> Iterator[Found]:
    """Policies without any pod or workload beside them: half of the rules have nothing to look at."""
    if scene.pods or not scene.policies:
        return
    first = scene.policies[0]
    yield Found(
        object=key_of(first),
        place=place_of(first),
        message="the input holds policies and no pods, so what needs to know the pods was not looked for",
        fix=Fix(advice="name the manifests of the workloads and namespaces as well"),
    )


def empty_namespace(scene: Scene) -> Iterator[Found]:
    """A policy in a namespace that holds no pod, while other namespaces of the input do."""
    if not scene.pods:
        return
    for policy in scene.policies:
        home = policy.namespace
        if not scene.at_home(home) and home in scene.declared and home not in ALWAYS_THERE:
            yield Found(
                object=key_of(policy),
                place=place_of(policy),
                path="metadata.namespace",
                message=f"namespace {home} holds no pod, so {policy.name} is about nobody yet",
                fix=Fix(advice="nothing to do if its workloads come from elsewhere"),
            )


def undeclared_namespace(scene: Scene) -> Iterator[Found]:
    """A policy in a namespace that the input does not declare, though it declares others.

    Reference: ObjectMeta, namespace: "An empty namespace is equivalent to the "default" namespace". A
    policy counts in its own namespace only, so a typing error there makes it void.
    """
    declared = scene.declared
    if not declared or not _are_written(scene):
        return
    for policy in scene.policies:
        home = policy.namespace
        if home in declared or home in ALWAYS_THERE or scene.at_home(home):
            continue
        question = did_you_mean(home, declared)
        yield Found(
            object=key_of(policy),
            place=place_of(policy),
            path="metadata.namespace",
            message=f"namespace {home} is not declared in the input" + (f"; {question}" if question else ""),
            fix=Fix(
                advice="write the namespace as it is declared"
                if question
                else "nothing to do if it is there",
                yaml=to_yaml({"metadata": {"name": policy.name, "namespace": question.split('"')[1]}})
                if question
                else "",
            ),
        )


def external_name(scene: Scene) -> Iterator[Found]:
    """A Service for a host outside, in a namespace whose pods may send to no address outside.

    Reference: NetworkPolicyPeer: selectors mean pods only. Concept page "Service", ExternalName: the name
    becomes a CNAME, and packets go to addresses that only an ipBlock can mean.
    """
    for service in scene.inventory.topology.services:
        pods = [pod for pod in scene.at_home(service.namespace) if scene.isolating(pod, Direction.EGRESS)]
        if not pods or not _is_outside(scene, service):
            continue
        # Pods that may send nowhere at all are closed on purpose.
        closed = [pod for pod in pods if _sends(scene, pod) and not _leaves(scene, pod)]
        if (
            closed
            and len(pods) == len(scene.at_home(service.namespace))
            and not any(_leaves(scene, p) for p in pods)
        ):
            yield Found(
                object=("Service", service.namespace, service.name),
                place=scene.place(("Service", service.namespace, service.name)) or NOWHERE,
                path="spec.externalName",
                message=(
                    f"Service {service.name} stands for {service.external_name}, outside the cluster, and "
                    f"{local_names(closed)} may send to no address outside"
                ),
                fix=Fix(
                    advice=(
                        f"admit the addresses of {service.external_name} (203.0.113.0/24 here) by an ipBlock"
                    ),
                    yaml=to_yaml(policy_body(freely_named(_to_outside(scene, closed[0], service), scene))),
                    adds=True,
                ),
            )


def _are_written(scene: Scene) -> bool:
    """Whether the input itself declares namespaces, rather than that they follow from what it holds."""
    return any(kind == "Namespace" for kind, _, _ in scene.inventory.places)


def _is_outside(scene: Scene, service: Service) -> bool:
    name = service.external_name.rstrip(".")
    return bool(name) and not name.endswith((".svc", f".{scene.inventory.topology.cluster_domain}"))


def _sends(scene: Scene, pod: Pod) -> bool:
    return any(
        site.direction is Direction.EGRESS
        for policy in scene.isolating(pod, Direction.EGRESS)
        for site in sites_of(policy)
    )


def _leaves(scene: Scene, pod: Pod) -> bool:
    """Whether some egress rule is about addresses outside."""
    sites = (s for policy in scene.isolating(pod, Direction.EGRESS) for s in sites_of(policy))
    return any(
        site.direction is Direction.EGRESS
        and (not site.rule.peers or any(peer.ip_block is not None for peer in site.rule.peers))
        for site in sites
    )


def _to_outside(scene: Scene, pod: Pod, service: Service) -> NetworkPolicy:
    selector = scene.isolating(pod, Direction.EGRESS)[0].pod_selector
    ports = tuple(PolicyPort(protocol=each.protocol, port=each.port) for each in service.ports)
    peer = Peer(ip_block=IPBlock(cidr="203.0.113.0/24"))
    return NetworkPolicy(
        namespace=service.namespace,
        name=f"allow-{service.name}",
        pod_selector=selector,
        policy_types=frozenset((Direction.EGRESS,)),
        egress=(Rule(peers=(peer,), ports=ports or (PolicyPort(port=443),)),),
    )


RULES = (
    entry(
        no_pods,
        "no-pods",
        Severity.INFO,
        "Policies without pods to look at",
        "Whether selectors and ports mean what they should can only be seen beside the workloads.",
    ),
    entry(
        empty_namespace,
        "empty-namespace",
        Severity.INFO,
        "A policy in a namespace without pods",
        "A policy is about pods of its own namespace only.",
    ),
    entry(
        undeclared_namespace,
        "undeclared-namespace",
        Severity.INFO,
        "A policy in a namespace that is not declared",
        "A policy is about pods of its own namespace only; in a namespace that is not there it "
        "cannot even be created.",
    ),
    entry(
        external_name,
        "external-name",
        Severity.WARNING,
        "A Service for a name outside that no rule lets pods reach",
        "Behind an ExternalName Service are no pods, so no selector means it; only an ipBlock does.",
    ),
)
