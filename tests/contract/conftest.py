"""The contract's cluster, and a small scenario deployed on it once, with the runner's own pieces."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from netprobe.app.clusters import clock_of
from netprobe.cluster.port import Body, ObjectRef
from netprobe.model.flow import PodRef
from netprobe.model.scenario import Scenario
from netprobe.model.topology import Pod
from netprobe.probing.reply import Reply, read_reply
from netprobe.probing.request import Batch, Request
from netprobe.probing.script import script_for
from netprobe.runner.controls import Controls
from netprobe.runner.deploy import Deployer, wait_for_population
from netprobe.runner.figures import Figures
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, Surroundings, read_snapshot
from netprobe.scenario.load import load_scenario
from netprobe.scenario.placement import Placement

HERE = Path(__file__).parent
GONE = 120.0
"""Seconds that a cluster has to remove namespaces."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the replay of recorded answers, which is about the lab, when another cluster is named."""
    word = str(config.getoption("--netprobe-cluster", default=None) or "lab")
    foreign = word.partition(":")[0] != "lab"
    return True if foreign and collection_path.name == "test_apiserver_recordings.py" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow for the pull of an image on a live cluster; the default cluster is a lab."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(400), append=False)
            item.add_marker(pytest.mark.lab)


@dataclass(kw_only=True)
class Recording:
    """A cluster that also keeps what is applied through it."""

    cluster: Any
    applied: list[Body] = field(default_factory=list)

    def apply(self, objects: Any) -> None:
        self.applied += objects
        self.cluster.apply(objects)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cluster, name)


@dataclass(kw_only=True)
class Deployed:
    """The small scenario on the cluster. Names of namespaces are the author's unless ``placed``."""

    cluster: Any
    site: Site
    snapshot: Snapshot

    def pod(self, namespace: str, workload: str, index: int = 0) -> Pod:
        return self.snapshot.pods()[PodRef(namespace=namespace, workload=workload, index=index)]

    def placed(self, pod: Pod) -> str:
        """The real namespace of a pod."""
        if pod.namespace == self.site.control_namespace:
            return pod.namespace
        return self.site.placement.placed(pod.namespace)

    def identity(self, pod: Pod) -> str:
        return f"netprobe {self.placed(pod)}/{pod.name}/{pod.uid}"

    def bodies(self) -> list[Mapping[str, Any]]:
        """The pods of the run as the API gives them."""
        names = self.site.namespaces
        pods = self.cluster.read(names).pods
        return [body for body in pods if body["metadata"]["namespace"] in names]

    @property
    def controls(self) -> Controls:
        return Controls(self.snapshot)


@pytest.fixture(scope="session")
def cluster(netprobe_cluster: Any) -> Recording:
    return Recording(cluster=netprobe_cluster)


@pytest.fixture(scope="session")
def small() -> Scenario:
    return load_scenario(HERE / "small")


@pytest.fixture(scope="session")
def new_site(cluster: Any) -> Callable[[Scenario], Site]:
    """A site under a run id of its own."""

    def make(scenario: Scenario) -> Site:
        options = RunOptions(
            run_id=secrets.token_hex(3), deploy_deadline=240.0, clock=clock_of(cluster.cluster)
        )
        return Site(
            cluster=cluster,
            options=options,
            placement=Placement(options.run_id, scenario.namespaces, exact=False),
            watcher=Nobody(),
            figures=Figures(options.clock),
            began=options.clock.now(),
        )

    return make


@pytest.fixture(scope="session")
def remove(cluster: Any) -> Callable[..., None]:
    """Delete namespaces of ours and wait until they are gone."""

    def go(names: Any) -> None:
        names = list(names)
        cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name=name) for name in names])
        cluster.wait_gone(names, GONE)

    return go


@pytest.fixture(scope="session")
def deployed(cluster: Any, small: Scenario, new_site: Any, remove: Any) -> Iterator[Deployed]:
    """The small scenario with netprobe's controls, removed at the end whatever happens."""
    site = new_site(small)
    deployer = Deployer(site)
    try:
        cluster.preflight()
        deployer.create(small)
        snapshot = wait_for_population(site, small.workloads, Surroundings())
        deployer.add_controls(snapshot)
        snapshot = read_snapshot(site, snapshot.surroundings)
        yield Deployed(cluster=cluster, site=site, snapshot=snapshot)
    finally:
        remove(deployer.namespaces)


@pytest.fixture
def open_session(cluster: Any, deployed: Deployed) -> Iterator[Callable[..., Any]]:
    """Open sessions in a pod of the small scenario (``visitor`` unless said); closed after the test."""
    opened = []

    def go(pod: Pod | None = None, container: str = "") -> Any:
        pod = pod or deployed.pod("street", "visitor")
        opened.append(cluster.open_session(deployed.placed(pod), pod.name, container))
        return opened[-1]

    yield go
    for session in opened:
        session.close()


@pytest.fixture
def shell(open_session: Any) -> Callable[..., str]:
    """Run a script in a pod and return its output."""

    def go(script: str, pod: Pod | None = None, seconds: float = 40) -> str:
        mark = f"END-{secrets.token_hex(6)}"
        # A program may end its output without a newline; the mark needs a line of its own.
        text: str = open_session(pod).exchange(f"{script}\necho\necho {mark}\n", mark, seconds)
        return text.removesuffix("\n")

    return go


@pytest.fixture
def probe(open_session: Any) -> Callable[[Pod, Request], Reply]:
    """Send one probe from a pod, by netprobe's own script, and read its reply."""

    def go(source: Pod, request: Request) -> Reply:
        batch = Batch(id="contract", requests=(request,))
        script = script_for(batch)
        session = open_session(source)
        output = session.exchange(script.text, script.end_mark, script.seconds + 10)
        (reply,) = {each.request: each for each in read_reply(batch, output)}.values()
        return reply

    return go
