"""Bringing a CNI onto a cluster: kernel modules, plugins for the nodes, and the steps of the recipe."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.providers.kind.kustomization import kustomization_text
from netprobe.cluster.providers.kind.plan import Plan
from netprobe.cluster.providers.kind.programs import ProgramFailed, Programs
from netprobe.cluster.providers.kind.recipe import Helm, Plugins, Ready, Step
from netprobe.cluster.providers.kind.texts import filled
from netprobe.errors import EnvironmentFailure, InputError

_APPLY_SECONDS = 180.0
_HELM_SECONDS = 300.0
_PLUGIN_SECONDS = 180.0
_MODULE_SECONDS = 30.0

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_ON_NODE = "/tmp/netprobe-cni-plugins.tgz"  # noqa: S108 - inside a node's container

_UNPACK = """
if [ -n "$1" ]; then curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"; fi
if [ -n "$3" ] && ! echo "$3  $2" | sha256sum --check --status; then
  echo "the SHA-256 of the archive is not $3" >&2; rm -f "$2"; exit 1
fi
file=$2; shift 3
tar --extract --gzip --file="$file" --directory=/opt/cni/bin "$@"
rm -f "$file"
"""
"""What runs on a node: URL or "", file, checksum or "", members of the archive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Installer:
    """Installs a plan's CNI; ``folder`` is private, ``nodes`` are container names."""

    programs: Programs
    plan: Plan
    folder: Path
    nodes: Sequence[str]
    tell: Callable[[str], None]
    warn: Callable[[str], None]

    def install(self, wait_for: Callable[[Sequence[Ready]], None]) -> None:
        """Do everything in order; ``wait_for`` is called between steps. Raises EnvironmentFailure."""
        for module in self.plan.recipe.modules:
            self._load_module(module)
        if self.plan.recipe.plugins is not None:
            self._put_plugins(self.plan.recipe.plugins)
        for number, step in enumerate(self.plan.steps, start=1):
            count = f", step {number} of {len(self.plan.steps)}" if len(self.plan.steps) > 1 else ""
            self.tell(f"installing {self.plan.title}{count}")
            try:
                self._perform(step, number)
            except ProgramFailed as failed:
                raise EnvironmentFailure(
                    f"{self.plan.title} could not be installed on {self.plan.cluster}. {failed.message}",
                    remedy=_remedy(failed.words),
                ) from failed
            if step.ready:
                wait_for(step.ready)

    def _load_module(self, module: str) -> None:
        """Load a kernel module; all nodes share one kernel. Whether it is missed, the CNI will tell."""
        answer = self.programs.ask(
            "docker", "exec", self.plan.control_plane, "modprobe", module, deadline=_MODULE_SECONDS
        )
        if answer.code != 0:
            words = " ".join(answer.errors.split())
            self.warn(
                f"the kernel module {module} could not be loaded ({words}); where it is not there already, "
                f"{self.plan.recipe.title} will not start: `sudo modprobe {module}` on Docker's host loads it"
            )

    def _put_plugins(self, plugins: Plugins) -> None:
        self.tell(f"putting the CNI plugins {', '.join(plugins.names)} on the nodes")
        machine = self.programs.run(
            "docker", "exec", self.plan.control_plane, "uname", "-m", deadline=_MODULE_SECONDS
        ).strip()
        arch = _ARCHITECTURES.get(machine, machine)
        archive = str(filled(plugins.archive, {"arch": arch}))
        url = archive if _is_url(archive) else ""
        members = [f"./{name}" for name in plugins.names]
        for node in self.nodes:
            if not url:
                path = local_file(archive, self.plan.folder)
                self.programs.run("docker", "cp", str(path), f"{node}:{_ON_NODE}", deadline=_PLUGIN_SECONDS)
            argv = ["docker", "exec", node, "sh", "-ec", _UNPACK, "sh", url, _ON_NODE]
            try:
                self.programs.run(*argv, plugins.checksums.get(arch, ""), *members, deadline=_PLUGIN_SECONDS)
            except ProgramFailed as failed:
                raise EnvironmentFailure(
                    f"the CNI plugins of {archive} could not be put on node {node}. {failed.message}",
                    remedy="nodes without a way to it need a copy of the archive: see docs/kind.md, air gap",
                ) from failed

    def _perform(self, step: Step, number: int) -> None:
        if step.helm is not None:
            self._install_chart(step.helm, number)
        elif step.objects:
            body = {"apiVersion": "v1", "kind": "List", "items": step.objects}
            self._apply("--filename=-", text=json.dumps(body, indent=2))
        elif step.images or step.patches:
            self._apply(f"--kustomize={self._kustomization(step, number)}")
        else:
            self._apply(*(f"--filename={self._source(each)}" for each in step.apply))

    def _apply(self, *what: str, text: str = "") -> None:
        """On the server's side: large CRDs need no annotation, and a second time changes nothing."""
        self.programs.run(
            *("kubectl", "apply", "--server-side", "--force-conflicts", *what),
            deadline=_APPLY_SECONDS,
            text=text,
        )

    def _source(self, manifest: str) -> str:
        return manifest if _is_url(manifest) else str(local_file(manifest, self.plan.folder))

    def _kustomization(self, step: Step, number: int) -> Path:
        """A folder with a kustomization, and copies of manifests that are files."""
        folder = self.folder / f"step-{number}"
        folder.mkdir()
        resources: list[str] = []
        for position, manifest in enumerate(step.apply):
            if _is_url(manifest):
                resources.append(manifest)
                continue
            copied = f"manifest-{position}.yaml"
            shutil.copyfile(local_file(manifest, self.plan.folder), folder / copied)
            resources.append(copied)
        (folder / "kustomization.yaml").write_text(kustomization_text(step, resources), encoding="utf-8")
        return folder

    def _install_chart(self, chart: Helm, number: int) -> None:
        values = self.folder / f"values-{number}.json"
        values.write_text(json.dumps(chart.values, indent=2) + "\n", encoding="utf-8")
        where = (f"--version={chart.version}", f"--namespace={chart.namespace}", f"--values={values}")
        if not self.programs.has("helm"):
            self.programs.run("cilium", "install", *where, deadline=_HELM_SECONDS)
            return
        source = [f"--repo={chart.repository}"] if chart.repository else []
        name = str(local_file(chart.chart, self.plan.folder)) if chart.chart.startswith(".") else chart.chart
        self.programs.run(
            *("helm", "upgrade", "--install", chart.release, name, *source, *where, "--create-namespace"),
            deadline=_HELM_SECONDS,
        )


def check_files(plan: Plan) -> None:
    """Raise InputError for files beside the recipe that are not there, before anything is made."""
    sources = [each for step in plan.steps for each in step.apply]
    sources += [step.helm.chart for step in plan.steps if step.helm and step.helm.chart.startswith(".")]
    if plan.recipe.plugins is not None and "${arch}" not in plan.recipe.plugins.archive:
        sources.append(plan.recipe.plugins.archive)
    for source in sources:
        if not _is_url(source):
            local_file(source, plan.folder)


def local_file(name: str, folder: Path) -> Path:
    """The file that a recipe names, beside it; raises InputError when there is none."""
    path = folder / Path(name).expanduser()
    if not path.is_file():
        raise InputError(
            f"the recipe names {name}, but there is no file {path}", remedy="name a file, or a URL"
        )
    return path


def _is_url(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _remedy(words: str) -> str:
    lowered = words.lower()
    if any(
        sign in lowered
        for sign in ("no such host", "dial tcp", "i/o timeout", "proxyconnect", "tls handshake")
    ):
        return (
            "check the way to the internet; without one, keep copies beside a recipe of yours (docs/kind.md)"
        )
    if "404" in lowered or "not found" in lowered:
        return "this version may lie elsewhere: choose another, or write a recipe of your own"
    return "--keep leaves the cluster, to look into"
