"""The lab's process: ``python -m netprobe.lab.cluster.main``, started by ``lab.Lab`` and by nobody else.

It leaves the host's network, makes machines, store, controllers and kubelet, and serves the API on
the socket that it inherited, which still is on the host's 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import socket
import ssl
import sys
from collections.abc import Sequence

from netprobe.errors import NetprobeError
from netprobe.lab.api.discovery import VERSION
from netprobe.lab.api.server import build_application, serve_on
from netprobe.lab.cluster.identities.decor import cni_files_of, server_version
from netprobe.lab.cluster.machinery import machinery_of
from netprobe.lab.cluster.seed import NodePlace
from netprobe.lab.cluster.settings import (
    Descriptors,
    Settings,
    failure_line,
    memory_file,
    read_settings,
    ready_line,
)
from netprobe.lab.cluster.sowing import sow
from netprobe.lab.control.controllers import Controllers
from netprobe.lab.datapath.profiles import profile_of
from netprobe.lab.kernel.isolation import assert_no_uplink, enter_isolation
from netprobe.lab.kernel.programs import require_programs
from netprobe.lab.node.kubelet import Kubelet
from netprobe.lab.node.machines import Machines
from netprobe.lab.node.zygote import Zygote, start_zygote
from netprobe.lab.store.objects import Object, Store


def main(arguments: Sequence[str]) -> int:
    """Run the lab until it is killed; returns the exit code of a start that failed."""
    try:
        descriptors = Descriptors.from_arguments(list(arguments))
    except NetprobeError as failure:
        print(f"{failure.message}; {failure.remedy}", file=sys.stderr)  # noqa: T201 - nobody else listens
        return failure.exit_code
    try:
        settings = read_settings(descriptors.settings)
        require_programs()
        enter_isolation(life_fd=descriptors.life)
        assert_no_uplink()
        zygote = start_zygote()
        asyncio.run(_run(settings, descriptors, zygote))
    except NetprobeError as failure:
        os.write(descriptors.readiness, failure_line(failure))
        return failure.exit_code
    return 0


async def _run(settings: Settings, descriptors: Descriptors, zygote: Zygote) -> None:
    store, machines = Store(_now), Machines(zygote, cni_files_of(settings.identity))
    await machines.start(settings.nodes)
    places = [
        NodePlace(name=name, address=machines.node_address(name), pod_cidr=machines.pod_cidr(name))
        for name in settings.nodes
    ]
    controllers = Controllers(
        store,
        load_rules=machines.load_rules,
        node_names=settings.nodes,
        node_addresses={place.name: place.address for place in places},
        pod_cidrs={place.name: place.pod_cidr for place in places},
        profile=profile_of(settings.profile),
        now=_now,
        ca_pem=settings.authority,
    )
    sow(store, settings.identity, places, _now)
    async with asyncio.TaskGroup() as group:
        group.create_task(controllers.run())
        group.create_task(Kubelet(store, machines, _now).run())
        app = build_application(
            store,
            token=settings.token,
            now=_now,
            machinery=machinery_of(machines),
            version=server_version(settings.identity, VERSION["gitVersion"]),
        )
        listener = socket.socket(fileno=descriptors.listener)
        await serve_on(app, listener, _tls(settings))
        await _dns_is_ready(store)
        os.write(descriptors.readiness, ready_line())
        os.close(descriptors.readiness)


async def _dns_is_ready(store: Store) -> None:
    """Return once a pod answers for the DNS Service, on UDP and on TCP."""
    async with contextlib.aclosing(store.watch(store.version)) as events:
        while not any(map(_has_ready_endpoint, store.list("endpointslices", "kube-system"))):
            await anext(events)


def _has_ready_endpoint(endpoint_slice: Object) -> bool:
    ready = any(each["conditions"]["ready"] for each in endpoint_slice.get("endpoints", ()))
    return ready and endpoint_slice["metadata"]["labels"]["kubernetes.io/service-name"] == "kube-dns"


def _tls(settings: Settings) -> ssl.SSLContext:
    """The server's side of TLS; the key never is in a file on disk."""
    files = [
        memory_file(name, text) for name, text in (("cert", settings.certificate), ("key", settings.key))
    ]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(*(f"/proc/self/fd/{number}" for number in files))
    finally:
        for number in files:
            os.close(number)
    return context


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
