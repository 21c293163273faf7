"""CNIs that are no longer maintained: Weave Net, Romana."""

from __future__ import annotations

from netprobe.cluster.identity.fingerprint import Fingerprint, limit
from netprobe.cluster.identity.marks import CniFile
from netprobe.cluster.identity.settings import ContainerNamed, Setting, Variable
from netprobe.cluster.identity.workloads import Workload
from netprobe.model.identification import Enforces, Role

FINGERPRINTS = (
    Fingerprint(
        name="weave",
        title="Weave Net",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="its container weave-npc enforces",
        proofs=(
            Workload(names=("weave-net",), images=("weaveworks/weave-kube",)),
            CniFile(plugin="weave-net"),
        ),
        settings=(
            Setting(
                reads=ContainerNamed("weave-npc"),
                because="its container weave-npc, which enforces, is not there",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
            Setting(
                reads=Variable("EXPECT_NPC"),
                value="0",
                because="its policy controller is off (EXPECT_NPC=0)",
                enforces=Enforces.NO,
                role=Role.CNI,
                alarms=True,
            ),
        ),
        limits=(
            limit("no longer maintained"),
            limit("port names in policies are not supported", "weave-namedport"),
            limit("rules are in iptables' old backend only", "iptables-backend-mix"),
            limit("its rules are gone after firewalld restarts", "weave-restart-firewalld"),
            limit("multicast is not judged", "weave-multicast"),
            limit("a rule with an ipBlock admits every port", "weave-ipblock-ignores-port", before="2.6.0"),
            limit("egress is not judged", "weave-no-egress", before="2.4.0"),
        ),
    ),
    Fingerprint(
        name="romana",
        title="Romana",
        role=Role.BOTH,
        enforces=Enforces.YES,
        because="its agent enforces",
        proofs=(Workload(names=("romana-agent",), images=("romana/agent",)),),
        limits=(limit("no longer maintained"),),
    ),
)
