"""A machine with stand-ins for every program, and an API server that shows what a test wants."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from netprobe.cluster.port import Terms
from netprobe.cluster.providers.kind.plan import Plan
from netprobe.cluster.providers.kind.recipe import Ready

Body = dict[str, Any]
PROGRAMS = ("kind", "docker", "kubectl", "helm", "cilium")
NODES = ("control-plane", "worker", "worker2")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a program: what it was given."""

    argv: tuple[str, ...]
    stdin: str
    files: dict[str, str]
    kubeconfig: str
    pid: int


def read_call(argv: Path) -> Call:
    """The call whose ``argv`` stands there, with what lies beside it."""
    stem, folder = argv.stem, argv.parent
    pid, kubeconfig = (folder / f"{stem}.about").read_text(encoding="utf-8").split("\n")[:2]
    stdin = folder / f"{stem}.stdin"
    given = sorted(folder.glob(f"{stem}.file.*"))
    return Call(
        argv=tuple(argv.read_text(encoding="utf-8").split("\0")[:-1]),
        stdin=stdin.read_text(encoding="utf-8") if stdin.exists() else "",
        files={path.name.removeprefix(f"{stem}.file."): path.read_text(encoding="utf-8") for path in given},
        kubeconfig=kubeconfig,
        pid=int(pid),
    )


@dataclass
class Machine:
    """A PATH on which only stand-ins are; see ``stand_in.sh``."""

    home: Path
    rules: int = 500

    @property
    def bin(self) -> Path:
        return self.home / "bin"

    def install(self, *names: str) -> None:
        for name in names:
            shutil.copy(Path(__file__).parent / "stand_in.sh", self.bin / name)
            (self.bin / name).chmod(0o755)

    def uninstall(self, *names: str) -> None:
        for name in names:
            (self.bin / name).unlink()

    def answer(self, match: str, *flags: str, code: int = 0, out: str = "", err: str = "") -> Path:
        """Answer command lines that contain ``match`` so from now on; returns the rule's folder."""
        self.rules -= 1
        rule = self.home / "rules" / str(self.rules)
        rule.mkdir(parents=True)
        for name, text in (("match", match), ("code", str(code))):
            (rule / name).write_text(f"{text}\n", encoding="utf-8")
        for name, text in (("out", out), ("err", err), *((flag, "") for flag in flags)):
            (rule / name).write_text(text, encoding="utf-8")
        return rule

    @property
    def calls(self) -> list[Call]:
        return [read_call(path) for path in self._argvs()]

    @property
    def lines(self) -> list[str]:
        return [path.read_text(encoding="utf-8")[:-1].replace("\0", " ") for path in self._argvs()]

    def _argvs(self) -> list[Path]:
        return sorted((self.home / "calls").glob("*.argv"), key=lambda path: int(path.stem))

    def transcript(self, plan: Plan) -> str:
        """Every call with what it was given; folders and digests replaced."""
        parts = []
        for call in self.calls:
            arguments = [each if "\n" not in each else "(a script)" for each in call.argv]
            parts.append(f"$ {' '.join(arguments)}")
            given = {**call.files, **({"stdin": call.stdin} if call.stdin else {})}
            for name, text in given.items():
                parts += [f"  {name}:", *(f"    {line}" for line in text.splitlines())]
        text = "\n".join(parts) + "\n"
        text = re.sub(r"/\S*/netprobe-kind-\w+", "FOLDER", text)
        text = re.sub(r"(msg=netprobe\+external/[^/]+/)[0-9a-f]+", r"\1UID", text)
        return text.replace(plan.digest, "DIGEST").replace(plan.cluster, "CLUSTER")


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Machine:
    home = tmp_path_factory.mktemp("machine")
    made = Machine(home=home)
    made.bin.mkdir()
    made.install(*PROGRAMS)
    (home / "calls").mkdir()
    (home / "number").write_text("0\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("STAND_IN", str(home))
    monkeypatch.setenv("TMPDIR", str(home))
    monkeypatch.setattr("tempfile.tempdir", None)
    for line, out in (
        ("kind version", "kind v0.32.0 go1.26.1 linux/amd64\n"),
        ("docker version", "28.2.2\n"),
        ("kubectl version", json.dumps({"clientVersion": {"gitVersion": "v1.36.2"}})),
        ("helm version", "v3.18.4"),
        ("kind get nodes", "".join(f"node-{each}\n" for each in reversed(NODES))),
        ("docker ps", "".join(f"{number:064x}\n" for number in range(3))),
        ("uname", "x86_64\n"),
    ):
        made.answer(line, out=out)
    return made


def pod(
    name: str, labels: Body, *, ready: bool = True, namespace: str = "kube-system", **status: Any
) -> Body:
    conditions = [{"type": "Ready", "status": "True" if ready else "False"}]
    return {
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "status": {"phase": "Running", "conditions": conditions, **status},
    }


@dataclass
class Shown:
    """An API server that holds these objects, by the path of their collection; logs by pod."""

    url: str = ""
    objects: dict[str, list[Body]] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)

    def kubeconfig(self, name: str = "kind-there") -> str:
        return (
            f"apiVersion: v1\nkind: Config\ncurrent-context: {name}\n"
            f"clusters: [{{name: {name}, cluster: {{server: '{self.url}'}}}}]\n"
            f"users: [{{name: {name}, user: {{token: t}}}}]\n"
            f"contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}}}}}]\n"
        )

    def add(self, collection: str, body: Body) -> Body:
        self.objects.setdefault(collection, []).append(body)
        return body

    def node(self, name: str, *, ready: bool = True, labels: Body | None = None, message: str = "") -> None:
        condition = {"type": "Ready", "status": "True" if ready else "False", "message": message}
        self.add(
            "/api/v1/nodes",
            {"metadata": {"name": name, "labels": labels or {}}, "status": {"conditions": [condition]}},
        )

    def workload(self, kind: str, name: str, *pods: Body) -> None:
        """A workload with these pods (by its label ``app``), all of them wanted."""
        namespace, _, own = name.partition("/")
        status = {
            "observedGeneration": 1,
            "desiredNumberScheduled": len(pods),
            "updatedNumberScheduled": len(pods),
            "updatedReplicas": len(pods),
        }
        self.add(
            f"/apis/apps/v1/namespaces/{namespace}/{kind.lower()}s",
            {
                "metadata": {"name": own, "namespace": namespace, "generation": 1},
                "spec": {"replicas": len(pods), "selector": {"matchLabels": {"app": own}}},
                "status": status,
            },
        )
        for each in pods:
            self.add(f"/api/v1/namespaces/{namespace}/pods", each)

    def condition(
        self, collection: str, name: str, kind: str, status: str = "True", message: str = ""
    ) -> None:
        condition = {"type": kind, "status": status, "message": message}
        self.add(collection, {"metadata": {"name": name}, "status": {"conditions": [condition]}})

    def fulfil(self, ready: Ready) -> None:
        """Hold what makes the condition true."""
        for kind, name, count in (("DaemonSet", ready.daemonset, 3), ("Deployment", ready.deployment, 1)):
            if name:
                own = name.partition("/")[2]
                self.workload(kind, name, *(pod(f"{own}-{n}", {"app": own}) for n in range(count)))
        if ready.crd:
            self.condition(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", ready.crd, "Established"
            )
        if ready.resource:
            collection, _, own = f"/{ready.resource}".rpartition("/")
            self.condition(collection, own, str(ready.condition))

    def answer(self, path: str) -> tuple[int, object]:
        self.seen.append(path)
        if self.failing:
            code = self.failing.pop()
            return code, {"kind": "Status", "reason": "x", "message": "not now", "code": code}
        if path == "/version":
            return 200, {"gitVersion": "v1.36.1"}
        if path.endswith("/log"):
            return 200, self.logs.get(path.split("/")[-2], "")
        return self.found(path)

    def found(self, path: str) -> tuple[int, object]:
        """A collection (an unknown one is empty), or an object of one."""
        collection, _, name = path.rpartition("/")
        named = [body for body in self.objects.get(collection, ()) if body["metadata"]["name"] == name]
        if named:
            return 200, named[0]
        if collection in self.objects or "customresourcedefinitions/" in path or "tigerastatuses/" in path:
            return 404, {"kind": "Status", "reason": "NotFound", "message": f"{name} not found", "code": 404}
        return 200, {"kind": "List", "items": self.objects.get(path, [])}


@pytest.fixture
def shown(machine: Machine) -> Iterator[Shown]:
    """The API server behind the kubeconfig that the stand-in for kind writes: three Ready nodes, CoreDNS."""
    server = Shown()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            status, said = server.answer(urlsplit(self.path).path)
            data = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server.url = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    (machine.home / "kubeconfig").write_text(server.kubeconfig(), encoding="utf-8")
    server.fulfil(Ready(deployment="kube-system/coredns"))
    for name in NODES:
        server.node(f"node-{name}")
    yield server
    listening.shutdown()
    listening.server_close()
    thread.join()


@dataclass
class Told:
    """Who hears what making a cluster says; ``on_stage`` is called with every stage."""

    stages: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    on_stage: Any = None

    def stage(self, text: str) -> None:
        self.stages.append(text)
        if self.on_stage is not None:
            self.on_stage(text)

    def terms(self, **more: Any) -> Terms:
        return Terms(tell=self.stage, warn=self.warnings.append, **more)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def golden():
    """Compare a text with a golden file; NETPROBE_GOLDEN=write renews it (then read the diff)."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if os.environ.get("NETPROBE_GOLDEN") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
