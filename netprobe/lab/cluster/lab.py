"""A lab from its owner's side: start it, reach it, end it."""

from __future__ import annotations

import atexit
import base64
import datetime as dt
import json
import os
import secrets
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netprobe.errors import EnvironmentFailure, InputError, Refused
from netprobe.lab.cluster.certificates import make_certificates
from netprobe.lab.cluster.process import LabProcess, spawn
from netprobe.lab.cluster.profiles import DEFAULT, parse_profile
from netprobe.lab.cluster.settings import Settings

_CONTEXT = "netprobe-lab"
EXTERNALS_PATH = "/netprobe/externals"
MAX_NODES = 16
_REQUEST_SECONDS = 30.0


class Lab:
    """A running lab: ``server`` is the API's URL, ``token`` its bearer token, ``ca_pem`` its authority.

    It ends by ``stop`` (or as a context manager), and with the process that started it, however that
    one ends.
    """

    def __init__(self, *, server: str, settings: Settings, process: LabProcess) -> None:
        self.server = server
        self.token = settings.token
        self.ca_pem = settings.authority
        self.profile = settings.profile
        self.identity = settings.identity
        self.nodes = settings.nodes
        self._process = process

    @classmethod
    def start(
        cls, profile: str = DEFAULT, identity: str = "", nodes: int = 2, startup_deadline: float = 30.0
    ) -> Self:
        """Start a lab and wait until its DNS is ready; ``startup_deadline`` in seconds.

        ``profile`` and ``identity`` are names as ``parse_profile`` gives them. Raises InputError
        (unknown name, missing program) or EnvironmentFailure, each with the lab's own sentence.
        """
        settings = _settings(profile, identity, nodes)
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
            server = f"https://127.0.0.1:{listener.getsockname()[1]}"
            process = spawn(settings, listener)
        lab = cls(server=server, settings=settings, process=process)
        atexit.register(lab.stop)
        try:
            process.wait_ready(startup_deadline)
        except BaseException:
            lab.stop()
            raise
        return lab

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the lab and all that runs in it; never raises, may be called twice."""
        atexit.unregister(self.stop)
        self._process.stop()

    def kubeconfig(self) -> str:
        """A kubeconfig for this lab (JSON, which is YAML too). It lets its reader exec: keep it private."""
        cluster = {
            "server": self.server,
            "certificate-authority-data": base64.b64encode(self.ca_pem.encode()).decode(),
        }
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": _CONTEXT,
            "clusters": [{"name": _CONTEXT, "cluster": cluster}],
            "users": [{"name": _CONTEXT, "user": {"token": self.token}}],
            "contexts": [{"name": _CONTEXT, "context": {"cluster": _CONTEXT, "user": _CONTEXT}}],
        }
        return json.dumps(config, indent=2) + "\n"

    def write_kubeconfig(self, path: Path) -> None:
        """Write the kubeconfig, readable by its owner only.

        Only the kubeconfig of an earlier lab is overwritten. Raises InputError for any other file
        that is there already, and when the path cannot be written.
        """
        try:
            if path.is_file() and _CONTEXT in path.read_text(encoding="utf-8", errors="replace"):
                path.unlink()  # not rewritten: its mode might let others read
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(self.kubeconfig())
        except FileExistsError:
            raise InputError(
                f"{path} exists and is no kubeconfig of a lab", remedy="name another file for the kubeconfig"
            ) from None
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error

    def provide_externals(self, hosts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Make hosts ``{name, address, ports}`` outside of the cluster; name → ``{address, ports}``.

        Raises Refused with the lab's words, or EnvironmentFailure when it does not answer.
        """
        request = urllib.request.Request(  # noqa: S310 - https by construction
            self.server + EXTERNALS_PATH,
            data=json.dumps(list(hosts)).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with _opener(self.ca_pem).open(request, timeout=_REQUEST_SECONDS) as response:
                made: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                status = json.load(error)
            raise Refused(status["message"], status=error.code, reason=status["reason"]) from None
        except OSError as error:
            raise EnvironmentFailure(f"the lab does not answer: {error}") from error
        return made


def _settings(profile: str, identity: str, nodes: int) -> Settings:
    profile, identity = parse_profile(f"{profile}@{identity}" if identity else profile)
    if not 1 <= nodes <= MAX_NODES:
        raise InputError(f"a lab has 1 to {MAX_NODES} nodes, not {nodes}")
    certificates = make_certificates(dt.datetime.now(dt.UTC))
    return Settings(
        profile=profile,
        identity=identity,
        nodes=tuple(f"node{number}" for number in range(1, nodes + 1)),
        token=secrets.token_urlsafe(32),
        authority=certificates.authority,
        certificate=certificates.server,
        key=certificates.server_key,
    )


def _opener(authority: str) -> urllib.request.OpenerDirector:
    """HTTPS to the lab only: its authority is trusted, and no proxy stands between."""
    context = ssl.create_default_context(cadata=authority)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
