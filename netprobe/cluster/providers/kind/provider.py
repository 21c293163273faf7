"""``kind[:CNI[@VERSION][,KEY=VALUE…]]``: a kind cluster made for a run, with the CNI that is to be judged."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.connect import Connection, connect_to
from netprobe.cluster.kube.kinds import collection_path
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Terms
from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.claim import Claim
from netprobe.cluster.providers.kind.conditions import NODES, Condition, conditions_of
from netprobe.cluster.providers.kind.externals import Externals
from netprobe.cluster.providers.kind.installing import Installer, check_files
from netprobe.cluster.providers.kind.loading import Supply, check_supply, load_images, read_supply
from netprobe.cluster.providers.kind.making import Kind, Made, NameTaken, delete_command, taken
from netprobe.cluster.providers.kind.patience import Patience
from netprobe.cluster.providers.kind.plan import RECIPE_LABEL, Plan, make_plan
from netprobe.cluster.providers.kind.programs import Programs
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.cluster.providers.kind.recipes import find_recipe
from netprobe.cluster.providers.kind.requirements import Versions, check_machine
from netprobe.cluster.providers.kind.wish import parse_wish
from netprobe.errors import EnvironmentFailure
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.run import ClusterDescription
from netprobe.scenario.dressing import DEFAULT_IMAGE

_LOOK_SECONDS = 30.0
_STEP_SECONDS = 180.0
"""How long the condition of one step of an installation may take."""


class KindProvider:
    """Makes kind clusters, or finds one that an earlier run left."""

    def open(self, argument: str) -> KubeCluster:
        """A cluster that ends with its run; raises InputError, EnvironmentFailure."""
        return self.make(argument, Terms())

    def spell(self, argument: str) -> str:
        """The name of the cluster: the same for arguments that mean the same one; raises InputError."""
        return _plan_of(argument).cluster

    def make(self, argument: str, terms: Terms) -> KubeCluster:
        """A cluster on these terms.

        Raises InputError (the argument, the recipe, missing or old programs), EnvironmentFailure (no
        daemon, the name is taken, what does not get ready). What was half made is removed, unless
        ``terms.keep``.
        """
        plan = _plan_of(argument)
        check_files(plan)
        supply = read_supply(terms.images)
        programs = Programs()
        versions = check_machine(programs, plan)
        check_supply(supply, programs)
        try:
            with ExitStack() as undo:
                folder = Path(tempfile.mkdtemp(prefix="netprobe-kind-"))
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
                kubeconfig = folder / "kubeconfig"
                own = programs.with_variables(KUBECONFIG=str(kubeconfig))
                kind = Kind(programs=own, kubeconfig=kubeconfig)
                order = _Order(plan=plan, terms=terms, kind=kind, versions=versions, supply=supply)
                cluster = order.open(argument, undo)
                undo.pop_all()
        except OSError as error:
            raise EnvironmentFailure(
                f"netprobe cannot write its files for the kind cluster: {error.strerror or error}",
                remedy="make room, or set TMPDIR to a folder that you may write to",
            ) from error
        return cluster


@dataclass(frozen=True, kw_only=True, slots=True)
class _Order:
    """A plan that is being carried out with one private folder."""

    plan: Plan
    terms: Terms
    kind: Kind
    versions: Versions
    supply: Supply

    def open(self, argument: str, undo: ExitStack) -> KubeCluster:
        """Make or find the cluster. ``undo`` gets what a failure must take back, closing it does the same."""
        claim = Claim(self.plan.cluster)
        undo.callback(claim.release)
        claim.take()
        present = self.plan.cluster in self.kind.clusters()
        if present and not self.terms.reuse:
            raise taken(self.plan.cluster)
        made: Made | None = None
        if present:
            self.terms.tell(f"using the kind cluster {self.plan.cluster}")
            self.kind.fetch_kubeconfig(self.plan.cluster)
        else:
            made = Made(kind=self.kind, cluster=self.plan.cluster)
            undo.push(lambda _type, error, _trace: self._give_up(made, error))
            self._create(made)
        claim.release()
        connection = _connect(self.kind.kubeconfig)
        nodes = self.kind.nodes(self.plan.cluster)
        if made is None:
            self._check_reused(connection)
            load_images(self.supply, self.plan.cluster, self.kind.programs, self.terms.tell)
        else:
            self._equip(connection, nodes)
        if not self.plan.recipe.cluster.bare:
            conditions = (*conditions_of(self.plan.ready), NODES)
            self._wait(connection, conditions, self.plan.recipe.deadline)
        description = self._describe(argument, connection, nodes)
        return self._cluster(connection, description, nodes, made)

    def _create(self, made: Made) -> None:
        plan = self.plan
        what = f"{len(plan.config['nodes'])} nodes, {plan.title}, {plan.family}"
        self.terms.tell(f"making the kind cluster {plan.cluster} ({what})")
        self.kind.create(self.plan, retain=self.terms.keep)
        made.containers = self.kind.containers(self.plan.cluster)

    def _check_reused(self, connection: Connection) -> None:
        """Raise EnvironmentFailure when the cluster was not made by netprobe from the same recipe."""
        nodes = Rest(connection).items(collection_path("Node"))
        digests = {(node["metadata"].get("labels") or {}).get(RECIPE_LABEL) for node in nodes}
        if digests == {self.plan.digest}:
            return
        why = (
            "it does not carry netprobe's label"
            if None in digests or not digests
            else "it was made from another recipe, version or configuration"
        )
        raise EnvironmentFailure(
            f"the kind cluster {self.plan.cluster} cannot be used: {why}",
            remedy=f"choose another name with name=…, or `{delete_command(self.plan.cluster)}`",
        )

    def _equip(self, connection: Connection, nodes: Sequence[str]) -> None:
        load_images(self.supply, self.plan.cluster, self.kind.programs, self.terms.tell)
        installer = Installer(
            programs=self.kind.programs,
            plan=self.plan,
            folder=self.kind.kubeconfig.parent,
            nodes=nodes,
            tell=self.terms.tell,
            warn=self.terms.warn,
        )

        def wait_for(wanted: Sequence[Ready]) -> None:
            self._wait(connection, conditions_of(wanted), _STEP_SECONDS)

        installer.install(wait_for)

    def _wait(self, connection: Connection, conditions: Sequence[Condition], seconds: float) -> None:
        patience = Patience(
            rest=Rest(connection),
            title=self.plan.title,
            cluster=self.plan.cluster,
            signs=self.plan.recipe.signs,
            tell=self.terms.tell,
        )
        patience.wait(conditions, seconds)

    def _describe(self, argument: str, connection: Connection, nodes: Sequence[str]) -> ClusterDescription:
        lacks = dict(self.plan.recipe.lacks)
        if "sctp" not in lacks and not self._has_sctp():
            lacks["sctp"] = "the nodes' kernel has no SCTP: `sudo modprobe sctp` on Docker's host loads it"
        if self.plan.family != "dual":
            lacks["dual-stack"] = f"this kind cluster is {self.plan.family} only; family=dual makes another"
        return ClusterDescription(
            name=f"kind:{argument}" if argument else "kind",
            kind="live",
            title=f"kind {self.versions.kind}, {self.plan.title}",
            version=server_version(Rest(connection)),
            facts={
                "cni": self.plan.title,
                "family": self.plan.family,
                "kube-proxy": self.plan.proxy,
                "nodes": str(len(nodes)),
                "cluster": self.plan.cluster,
                "kind": self.versions.kind,
                "docker": self.versions.docker,
            },
            lacks=lacks,
        )

    def _has_sctp(self) -> bool:
        """Whether the kernel that all nodes share has SCTP, after an attempt to load it."""
        look = "test -d /proc/sys/net/sctp || modprobe sctp"
        argv = ("docker", "exec", self.plan.control_plane, "sh", "-c", look)
        return self.kind.programs.ask(*argv, deadline=_LOOK_SECONDS).code == 0

    def _cluster(
        self, connection: Connection, description: ClusterDescription, nodes: Sequence[str], made: Made | None
    ) -> KubeCluster:
        externals = Externals(
            programs=self.kind.programs,
            cluster=self.plan.cluster,
            nodes=nodes,
            image=self.terms.image or DEFAULT_IMAGE,
            tell=self.terms.tell,
            warn=self.terms.warn,
        )

        def close() -> None:
            """Never raises: what stays behind was told."""
            try:
                externals.remove()
                self._leave(made)
            except BaseException as error:  # noqa: BLE001 - a second Ctrl-C: told already, and the run ends anyway
                self.terms.warn(f"the cleanup of {self.plan.cluster} was interrupted ({error})")
            finally:
                shutil.rmtree(self.kind.kubeconfig.parent, ignore_errors=True)

        return KubeCluster(connection, description, externals=externals.provide, on_close=close)

    def _leave(self, made: Made | None) -> None:
        """The end of a run: remove what it made, or say how to come by it."""
        if made is not None and not (self.terms.keep or self.terms.reuse):
            self.terms.tell(f"removing the kind cluster {self.plan.cluster}")
            made.remove(self.terms.warn)
            return
        self.terms.tell(
            f"the kind cluster {self.plan.cluster} stays: `{delete_command(self.plan.cluster)}` removes it, "
            f"`kind export kubeconfig --name {self.plan.cluster}` gives you its context"
        )

    def _give_up(self, made: Made, error: BaseException | None) -> None:
        """Making the cluster failed or was interrupted: remove what is there of it."""
        if isinstance(error, NameTaken):
            return
        if self.terms.keep:
            by_hand = delete_command(made.cluster)
            self.terms.warn(f"the kind cluster {made.cluster} stays as it is; remove it with `{by_hand}`")
            return
        self.terms.tell(f"removing the kind cluster {made.cluster}")
        made.remove(self.terms.warn)


def _plan_of(argument: str) -> Plan:
    wish = parse_wish(argument)
    return make_plan(wish, *find_recipe(wish.recipe), base_config())


def _connect(kubeconfig: Path) -> Connection:
    """A client for the private kubeconfig; raises EnvironmentFailure when kind wrote none."""
    try:
        text = kubeconfig.read_text(encoding="utf-8")
    except OSError as error:
        raise EnvironmentFailure(f"kind wrote no kubeconfig: {error.strerror}") from error
    documents = read_documents(text, "kind's kubeconfig")
    if len(documents) != 1:
        raise EnvironmentFailure("kind's kubeconfig is empty", remedy="try `kind get kubeconfig` by hand")
    return connect_to(documents[0].body)
