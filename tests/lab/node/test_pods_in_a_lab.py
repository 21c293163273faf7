"""What a pod is: its root, its powers, its network, its end."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from netprobe.errors import EnvironmentFailure, InputError

pytestmark = pytest.mark.lab


async def sees_only_its_own(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    _, text = await lab.sh("a", "grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs|Uid|Gid)' /proc/self/status")
    facts = dict(line.split(":", 1) for line in text.splitlines())
    assert {facts[name].strip() for name in ("CapEff", "CapPrm", "CapBnd")} == {"0" * 16}, text
    assert facts["NoNewPrivs"].strip() == "1", text
    assert set(facts["Uid"].split()) == set(facts["Gid"].split()) == {"65532"}, text
    assert (await lab.sh("a", "ls -A /home /root /run /var | grep -v : | tr -d '\\n'"))[1] == ""
    own = {"bin", "dev", "etc", "home", "proc", "root", "run", "sbin", "tmp", "usr", "var"}
    assert set((await lab.sh("a", "ls /"))[1].split()) - own <= {"lib", "lib32", "lib64", "libx32"}
    for path in ("/x", "/etc/x", "/usr/x", "/dev/x", "/home/x", "/proc/sys/net/ipv4/ip_forward"):
        code, words = await lab.sh("a", f"echo 1 >{path}")
        assert code != 0, f"{path} could be written: {words}"
    assert await lab.sh("a", "echo fine >/tmp/x && cat /tmp/x") == (0, "fine\n")
    assert await lab.sh("a", "hostname; cat /etc/hostname") == (0, "a\na\n")
    code, pids = await lab.sh("a", "cd /proc; echo [0-9]*")
    assert 1 in map(int, pids.split())
    assert len(pids.split()) <= 4, pids
    assert await lab.sh("a", "kill -9 1; echo alive") == (0, "alive\n")
    code, _ = await lab.sh("a", "ls /proc/1/root /proc/1/fd")
    assert code != 0


async def holds_no_descriptor_of_the_lab(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    assert await lab.sh("a", "ls /proc/self/fd | tr '\\n' ' '") == (0, "0 1 2 3 ")
    (init,) = (pod.sandbox.pid for pod in lab.machines._pods.values())
    kept = ["/dev/null", "/dev/null", "anon_inode", "pipe", "pipe", "pipe", "socket"]
    assert descriptors_of(init) == kept, "null, stderr, the lab's socket, and its own child signals"


def descriptors_of(pid):
    return sorted(str(one.readlink()).split(":")[0] for one in Path(f"/proc/{pid}/fd").iterdir())


def process_count():
    return sum(one.name.isdigit() for one in Path("/proc").iterdir())


async def reaches_pods_on_both_nodes(lab):
    for name, node in (("a", "node1"), ("b", "node1"), ("c", "node2")):
        lab.create_pod(name, node)
    await lab.ready("a", "b", "c")
    assert lab.ip("a").startswith("10.244.0.")
    assert lab.ip("c").startswith("10.244.1.")
    assert lab.status("c")["hostIP"] == "172.30.0.3"
    for name in ("a", "b", "c"):
        uid = lab.pod(name)["metadata"]["uid"]
        assert await lab.sh("a", f"curl -sS -m 3 http://{lab.ip(name)}:8080/shell?cmd=id") == (
            0,
            f"netprobe test/{name}/{uid}",
        )
        udp = f"echo hostname | nc -u -n -w 1 {lab.ip(name)} 8081"
        assert await lab.sh("a", udp) == (0, name)
    code, words = await lab.sh("a", f"curl -sS -m 3 http://{lab.ip('c')}:9")
    assert (code, "refused" in words or "Couldn't connect" in words) == (7, True), words
    code, _ = await lab.sh("a", "curl -sS -m 3 http://10.244.1.200:8080")
    assert code == 7, "an address without a pod is unreachable at once"
    code, _ = await lab.sh("a", "curl -sS -m 3 http://8.8.8.8")
    assert code == 7, "the lab has no way out"


async def meets_nodes_and_external_hosts(lab):
    lab.create_pod("a", "node1")
    lab.create_pod("on-node", "node2", args=["netexec", "--udp-port=-1"], hostNetwork=True)
    await lab.machines.add_external("partner", "203.0.113.10", [443, 80])
    await lab.machines.add_external("partner", "203.0.113.10", [80, 443])
    await lab.ready("a", "on-node")
    code, body = await lab.sh("a", "curl -sS -m 3 http://203.0.113.10:443/")
    assert (code, body.rpartition("/")[0]) == (0, "netprobe external/partner")
    assert await lab.sh("a", "echo hostname | nc -u -n -w 1 203.0.113.10 80") == (0, "partner")
    assert lab.ip("on-node") == "172.30.0.3"
    code, seen = await lab.sh("a", "curl -sS -m 3 http://172.30.0.3:8080/clientip")
    assert (code, seen.partition(":")[0]) == (0, lab.ip("a")), "a node sees the pod's own address"
    code, body = await lab.sh("on-node", f"curl -sS -m 3 http://{lab.ip('a')}:8080/")
    assert (code, body.startswith("netprobe test/a/")) == (0, True)
    for address in ("10.244.0.9", "10.96.0.1", "172.30.0.9", "127.0.0.1", "nowhere"):
        with pytest.raises(InputError):
            await lab.machines.add_external("other", address, [80])
    with pytest.raises(InputError, match="address of another external host"):
        await lab.machines.add_external("other", "203.0.113.10", [80])


async def obeys_rules_of_its_node(lab):
    for name, node in (("a", "node1"), ("b", "node2")):
        lab.create_pod(name, node)
    await lab.ready("a", "b")
    dial = f"curl -sS -m 1 http://{lab.ip('b')}:8080/"
    rule = f"type filter hook forward priority 0\n ip daddr {lab.ip('b')} drop"
    assert (await lab.sh("a", dial))[0] == 0
    await lab.machines.load_rules("node2", f"table inet t {{\n chain c {{\n {rule}\n }}\n}}")
    assert (await lab.sh("a", dial))[0] == 28
    with pytest.raises(EnvironmentFailure, match=r"nft refused the rules of node2: .*syntax error"):
        await lab.machines.load_rules("node2", "delete table inet t\nnonsense")
    assert (await lab.sh("a", dial))[0] == 28, "half of a refused script was carried out"
    await lab.machines.load_rules("node2", "delete table inet t")
    assert (await lab.sh("a", dial))[0] == 0


async def starts_forty_and_leaves_nothing(lab):
    names = [f"p{number}" for number in range(40)]
    began = time.monotonic()
    for number, name in enumerate(names):
        lab.create_pod(name, f"node{number % 2 + 1}")
    await lab.ready(*names)
    sys.stdout.write(f"40 pods ready after {time.monotonic() - began:.2f} s")
    before = process_count()
    assert before > 80
    for name in names:
        lab.delete_pod(name)
    await lab.until(lambda: not list(lab.store.list("pods")))
    assert process_count() == before - 80, "the two processes of each pod"
    async with asyncio.timeout(20):
        while ": pod" in (links := await lab_links(lab)):  # the kernel takes them in its own time
            assert links
    assert "10.244.0." not in links.replace("unreachable 10.244.0.", "")


async def lab_links(lab):
    node = lab.machines._network.node("node1").sandbox
    return (await node.run(["ip", "-o", "link"], "")).output + (
        await node.run(["ip", "route", "show"], "")
    ).output


@pytest.mark.parametrize(
    "story",
    [
        sees_only_its_own,
        holds_no_descriptor_of_the_lab,
        reaches_pods_on_both_nodes,
        meets_nodes_and_external_hosts,
        obeys_rules_of_its_node,
    ],
    ids=lambda story: story.__name__,
)
def test_a_pod(in_a_lab, story):
    in_a_lab(story)


def test_many_pods(in_a_lab, record_property):
    record_property("measured", in_a_lab(starts_forty_and_leaves_nothing))
