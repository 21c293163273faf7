"""Kind clusters: which there are, making one, and removing one that netprobe made."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.providers.kind.base import config_text
from netprobe.cluster.providers.kind.plan import Plan
from netprobe.cluster.providers.kind.programs import ProgramFailed, Programs
from netprobe.errors import EnvironmentFailure

CREATE_SECONDS = 900.0
"""Making a cluster, with the pull of its image."""
_DELETE_SECONDS = 180.0
_ASK_SECONDS = 60.0
_OWNER = "io.x-k8s.kind.cluster"
"""The label by which kind knows its node containers."""

_TROUBLES = (
    (
        ("port is already allocated", "address already in use"),
        "a port that it wants on this machine is taken",
        "stop what listens there, or take the port out of kind-config.yaml",
    ),
    (
        ("too many open files", "could not find a log line"),
        "this machine allows too few inotify watches for the nodes",
        "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512",
    ),
    (("no space left on device",), "the disk is full", "make room, for instance with `docker system prune`"),
    (
        ("failed to pull image", "toomanyrequests", "manifest unknown", "failed to resolve reference"),
        "the nodes' image cannot be had",
        "check `netprobe images` and pull it with docker, or choose another with node=",
    ),
    (
        ("Pool overlaps", "fully subnetted"),
        "Docker's networks overlap, or use up its addresses",
        "look with `docker network ls`, and remove those that nobody uses: `docker network prune`",
    ),
)
"""Words of kind that are known: what they mean, and what to do."""


class NameTaken(EnvironmentFailure):
    """There is a kind cluster of that name, which netprobe must not touch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """kind with the programs of one run; ``kubeconfig`` is a private file, never the user's."""

    programs: Programs
    kubeconfig: Path

    def clusters(self) -> tuple[str, ...]:
        """The names of all kind clusters here."""
        said = self.programs.run("kind", "get", "clusters", deadline=_ASK_SECONDS)
        return tuple(line.strip() for line in said.splitlines() if line.strip())

    def create(self, plan: Plan, *, retain: bool) -> None:
        """Make the cluster; ``retain`` leaves what is there when that fails. Raises EnvironmentFailure."""
        config = self.kubeconfig.with_name("kind-config.json")
        config.write_text(config_text(plan.config), encoding="utf-8")
        argv = ["kind", "create", "cluster", f"--name={plan.cluster}", f"--config={config}"]
        argv += [f"--kubeconfig={self.kubeconfig}", *(["--retain"] if retain else [])]
        try:
            self.programs.run(*argv, deadline=CREATE_SECONDS)
        except ProgramFailed as failed:
            if "already exist for a cluster with the name" in failed.words:
                raise taken(plan.cluster) from failed
            raise _explained(plan.cluster, failed) from failed
        with suppress(FileNotFoundError):
            self.kubeconfig.chmod(0o600)

    def fetch_kubeconfig(self, cluster: str) -> None:
        """Write the kubeconfig of a cluster that is there to the private file."""
        said = self.programs.run("kind", "get", "kubeconfig", f"--name={cluster}", deadline=_ASK_SECONDS)
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_text(said, encoding="utf-8")

    def nodes(self, cluster: str) -> tuple[str, ...]:
        """The names of the cluster's nodes, the control plane first; a load balancer is none."""
        said = self.programs.run("kind", "get", "nodes", f"--name={cluster}", deadline=_ASK_SECONDS)
        names = [name for name in said.split() if not name.endswith("-external-load-balancer")]
        return tuple(sorted(names, key=lambda name: (not name.endswith("-control-plane"), name)))

    def containers(self, cluster: str) -> frozenset[str]:
        """The ids of the cluster's node containers, running or not."""
        said = self.programs.run(
            *("docker", "ps", "--all", "--quiet", "--no-trunc", f"--filter=label={_OWNER}={cluster}"),
            deadline=_ASK_SECONDS,
        )
        return frozenset(said.split())

    def delete(self, cluster: str) -> None:
        """Delete the cluster; absent is fine. The user's kubeconfig is left alone."""
        self.programs.run(
            *("kind", "delete", "cluster", f"--name={cluster}", f"--kubeconfig={self.kubeconfig}"),
            deadline=_DELETE_SECONDS,
        )


@dataclass(kw_only=True, slots=True)
class Made:
    """A cluster that this run has made, or begun to make; ``containers`` are known once it was made."""

    kind: Kind
    cluster: str
    containers: frozenset[str] = frozenset()

    def remove(self, warn: Callable[[str], None]) -> None:
        """Delete the cluster while it is still the one that was made; a failure is told as a warning."""
        by_hand = f"remove it with `{delete_command(self.cluster)}`"
        try:
            if self.containers and not self.kind.containers(self.cluster) <= self.containers:
                warn(f"the kind cluster {self.cluster} is not the one that netprobe made any more; it stays")
                return
            self.kind.delete(self.cluster)
            if not self.containers and self.kind.containers(self.cluster):
                # Docker may have gone on with a container whose making was interrupted.
                self.kind.delete(self.cluster)
        except BaseException as error:
            words = error.message if isinstance(error, EnvironmentFailure) else "netprobe was interrupted"
            warn(f"the kind cluster {self.cluster} may still be there ({words}); {by_hand}")
            if not isinstance(error, EnvironmentFailure):
                raise


def delete_command(cluster: str) -> str:
    """What a person types to delete a kind cluster."""
    return f"kind delete cluster --name {cluster}"


def taken(cluster: str) -> NameTaken:
    """What to tell when the name is in use."""
    return NameTaken(
        f"there is a kind cluster {cluster} already, which netprobe leaves alone",
        remedy=f"use it with --reuse, choose another name with name=…, or `{delete_command(cluster)}`",
    )


def _explained(cluster: str, failed: ProgramFailed) -> EnvironmentFailure:
    words = failed.words.lower()
    for signs, meaning, remedy in _TROUBLES:
        if any(sign.lower() in words for sign in signs):
            return EnvironmentFailure(
                f"the kind cluster {cluster} could not be made: {meaning}. {failed.message}", remedy=remedy
            )
    return EnvironmentFailure(
        f"the kind cluster {cluster} could not be made. {failed.message}",
        remedy="see https://kind.sigs.k8s.io/docs/user/known-issues/; --keep leaves its nodes, to look into",
    )
