"""A lab from its owner's side: start it, reach it, end it."""

from __future__ import annotations

import atexit
import datetime as dt
import secrets
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netprobe.errors import InputError
from netprobe.lab.cluster.access import DEFAULT_NAME, Access
from netprobe.lab.cluster.certificates import make_certificates
from netprobe.lab.cluster.process import LabProcess, spawn
from netprobe.lab.cluster.profiles import DEFAULT, parse_profile
from netprobe.lab.cluster.settings import Settings

MAX_NODES = 32


class Lab:
    """A running lab: ``server`` is the API's URL, ``token`` its bearer token, ``ca_pem`` its authority.

    It ends by ``stop`` (or as a context manager), and with the process that started it, however that
    one ends.
    """

    def __init__(self, *, server: str, settings: Settings, process: LabProcess, name: str) -> None:
        self.access = Access(server=server, token=settings.token, authority=settings.authority, name=name)
        self.server = server
        self.token = settings.token
        self.ca_pem = settings.authority
        self.profile = settings.profile
        self.identity = settings.identity
        self.nodes = settings.nodes
        self._process = process

    @classmethod
    def start(
        cls,
        profile: str = DEFAULT,
        identity: str = "",
        nodes: int = 2,
        startup_deadline: float = 30.0,
        name: str = DEFAULT_NAME,
    ) -> Self:
        """Start a lab and wait until its DNS is ready; ``startup_deadline`` in seconds.

        ``profile`` and ``identity`` are names as ``parse_profile`` gives them; ``name`` goes into the
        kubeconfig. Raises InputError (unknown name, missing program) or EnvironmentFailure, each with
        the lab's own sentence.
        """
        settings = _settings(profile, identity, nodes)
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
            server = f"https://127.0.0.1:{listener.getsockname()[1]}"
            process = spawn(settings, listener)
        lab = cls(server=server, settings=settings, process=process, name=name)
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
        return self.access.kubeconfig()

    def write_kubeconfig(self, path: Path) -> None:
        """Write the kubeconfig as ``Access.write_kubeconfig`` does; raises InputError."""
        self.access.write_kubeconfig(path)

    def provide_externals(self, hosts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Make hosts outside of the cluster as ``Access.provide_externals`` does; raises as it does."""
        return self.access.provide_externals(hosts)

    def wait(self, *others: int) -> bool:
        """Wait until the lab has ended by itself or one of the descriptors is readable; whether it ended."""
        return self._process.wait(others)


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
