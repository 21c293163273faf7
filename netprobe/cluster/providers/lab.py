"""``lab[:PROFILE[+CONDITION…][@IDENTITY]]``: the embedded cluster, started for this run and ended with it."""

from __future__ import annotations

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.providers.embedded import lab_cluster
from netprobe.lab.cluster.lab import Lab
from netprobe.lab.cluster.profiles import parse_profile


class LabProvider:
    """Starts a lab."""

    def spell(self, argument: str) -> str:
        """Profile and identity in full; raises InputError (unknown profile)."""
        return "@".join(parse_profile(argument))

    def open(self, argument: str) -> KubeCluster:
        """A running lab; raises InputError (unknown profile), EnvironmentFailure (cannot start here)."""
        profile, identity = parse_profile(argument)
        lab = Lab.start(profile=profile, identity=identity)
        try:
            return lab_cluster(
                lab.access,
                name=f"lab:{argument}" if argument else "lab",
                profile=lab.profile,
                identity=lab.identity,
                nodes=len(lab.nodes),
                on_close=lab.stop,
            )
        except BaseException:
            lab.stop()
            raise
