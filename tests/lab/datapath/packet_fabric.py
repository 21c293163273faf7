"""A program for tests: two nodes with pods as network namespaces without uplink, and a prober.

Reads one JSON request per line: ``rules`` (nft script by node) and ``probes`` ([source, address,
protocol, port]). Answers with one JSON line: ``refused`` (nft's words, or "") and, for each probe,
[state, receiver, source address seen]; state is "open", "refused" or "silent". Ends with its stdin.

Silence is not waited for: everything runs on one CPU, whose queue keeps packets in order, so after
markers have travelled the longest path twice, what has not arrived was dropped.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
import subprocess
import sys

from netprobe.lab.kernel import syscalls

PODS = {
    "x/a": ("node1", "10.244.0.2"),
    "y/a": ("node1", "10.244.0.3"),
    "ctl/1": ("node1", "10.244.0.9"),
    "x/b": ("node2", "10.244.1.2"),
    "y/b": ("node2", "10.244.1.3"),
    "ctl/2": ("node2", "10.244.1.9"),
    "outside": ("node1", "203.0.113.10"),
}
NODES = {"node1": "172.30.0.2", "node2": "172.30.0.3"}
PORTS = (80, 81)
MARKER = 9
GATEWAY = "169.254.1.1"
PATIENCE = 10.0
NO_LINGER = struct.pack("ii", 1, 0)


def run_in(namespace, argv, text=""):
    def enter():
        syscalls.setns(namespace, syscalls.CLONE_NEWNET)

    return subprocess.run(
        argv, input=text, capture_output=True, text=True, check=False, preexec_fn=enter, timeout=30
    )


def configure(namespace, *commands):
    result = run_in(namespace, ["ip", "-batch", "-"], "\n".join(commands) + "\n")
    if result.returncode:
        raise SystemExit(f"ip: {result.stderr}")


def new_namespace():
    syscalls.unshare(syscalls.CLONE_NEWNET)
    fd = os.open("/proc/self/ns/net", os.O_RDONLY)
    links = run_in(fd, ["ip", "-o", "link"]).stdout.splitlines()
    if [line.split(":")[1].strip() for line in links] != ["lo"]:
        raise SystemExit(f"not isolated: {links}")
    configure(fd, "link set lo up")
    return fd


class Fabric:
    def __init__(self):
        self.namespaces = {name: new_namespace() for name in (*NODES, *PODS)}
        path = f"/proc/{os.getpid()}/fd/{{}}"
        one, two = (self.namespaces[node] for node in NODES)
        configure(one, f"link add fabric type veth peer name fabric netns {path.format(two)}")
        for node, other in (("node1", "node2"), ("node2", "node1")):
            network = "10.244.1.0/24" if node == "node1" else "10.244.0.0/24"
            commands = [
                f"addr add {NODES[node]}/24 dev fabric",
                "link set fabric up",
                f"route add {network} via {NODES[other]}",
            ]
            if node == "node2":
                commands.append(f"route add {PODS['outside'][1]}/32 via {NODES['node1']}")
            commands.append(f"route add 10.96.0.0/16 via {NODES[other]}")
            configure(self.namespaces[node], *commands)
            self.forward(self.namespaces[node])
        for name, (node, address) in PODS.items():
            pod, link = self.namespaces[name], "to-" + name.replace("/", "-")
            configure(
                self.namespaces[node],
                f"link add {link} type veth peer name eth0 netns {path.format(pod)}",
                f"addr add {GATEWAY}/32 dev {link}",
                f"link set {link} up",
                f"route add {address}/32 dev {link}",
            )
            configure(
                pod,
                f"addr add {address}/32 dev eth0",
                "link set eth0 up",
                f"route add {GATEWAY}/32 dev eth0 scope link",
                f"route add default via {GATEWAY}",
            )

    def forward(self, namespace):
        result = run_in(namespace, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])
        if result.returncode:
            raise SystemExit(result.stderr)

    def socket(self, name, kind):
        syscalls.setns(self.namespaces[name], syscalls.CLONE_NEWNET)
        made = socket.socket(socket.AF_INET, kind)
        made.setblocking(False)
        return made

    def load(self, rules):
        words = [
            run_in(self.namespaces[node], ["nft", "-f", "-"], text).stderr for node, text in rules.items()
        ]
        return "".join(words)


class Prober:
    def __init__(self, fabric):
        self.fabric = fabric
        self.listeners, self.receivers = {}, {}
        for name, (_, address) in PODS.items():
            for port in PORTS:
                listener = fabric.socket(name, socket.SOCK_STREAM)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((address, port))
                listener.listen(1024)
                self.listeners[listener] = name
                receiver = fabric.socket(name, socket.SOCK_DGRAM)
                receiver.bind((address, port))
                self.receivers[receiver] = name
        self.markers = []
        for name in ("ctl/1", "ctl/2"):
            marker = fabric.socket(name, socket.SOCK_DGRAM)
            marker.bind((PODS[name][1], MARKER))
            self.markers.append((marker, (PODS[name][1], MARKER)))
        self.settle()

    def settle(self):
        """Markers there and back, twice."""
        (one, at_one), (two, at_two) = self.markers
        for sender, address, receiver in ((one, at_two, two), (two, at_one, one)) * 2:
            sender.sendto(b"marker", address)
            if not select.select([receiver], [], [], PATIENCE)[0]:
                raise SystemExit("a marker was lost")
            receiver.recv(100)

    def probe(self, probes):
        results = [["silent", "", ""] for _ in probes]
        with contextlib.ExitStack() as stack:
            connecting = {}
            for index, (source, address, protocol, port) in enumerate(probes):
                kind = socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM
                client = stack.enter_context(self.fabric.socket(source, kind))
                if protocol == "TCP":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
                    connecting[client] = index
                    client.connect_ex((address, port))
                else:
                    client.sendto(str(index).encode(), (address, port))
            self.settle()
            for client in select.select([], list(connecting), [], 0)[1] if connecting else ():
                if client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    results[connecting[client]][0] = "refused"
                else:
                    client.send(str(connecting[client]).encode())
            self.settle()
            self.collect(results, stack)
        return results

    def collect(self, results, stack):
        for receiver, name in self.receivers.items():
            with contextlib.suppress(BlockingIOError):
                while True:
                    payload, (address, _) = receiver.recvfrom(100)
                    results[int(payload)] = ["open", name, address]
        for listener, name in self.listeners.items():
            with contextlib.suppress(BlockingIOError):
                while True:
                    connection, (address, _) = listener.accept()
                    stack.enter_context(connection)
                    results[int(connection.recv(100))] = ["open", name, address]


def main():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    fabric = Fabric()
    prober = Prober(fabric)
    for line in sys.stdin:
        request = json.loads(line)
        refused = fabric.load(request["rules"])
        results = [] if refused else prober.probe(request["probes"])
        sys.stdout.write(json.dumps({"refused": refused, "results": results}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
