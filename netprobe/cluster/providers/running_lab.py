"""``running-lab[:NAME]``: a lab that ``netprobe lab up`` has started, and that goes on after the run."""

from __future__ import annotations

import os

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.providers.embedded import lab_cluster
from netprobe.lab.cluster.access import DEFAULT_NAME
from netprobe.lab.cluster.records import labs_folder
from netprobe.lab.cluster.standing import find_lab


class RunningLabProvider:
    """Finds a lab by its name."""

    def spell(self, argument: str) -> str:
        """The name of the lab; raises InputError (none of that name runs)."""
        name = argument or DEFAULT_NAME
        find_lab(labs_folder(os.environ), name)
        return name

    def open(self, argument: str) -> KubeCluster:
        """The lab; raises InputError (none of that name runs), EnvironmentFailure (no answer)."""
        record = find_lab(labs_folder(os.environ), argument or DEFAULT_NAME)
        wanted = record.wanted
        return lab_cluster(
            record.access,
            name=f"running-lab:{argument}" if argument else "running-lab",
            profile=wanted.profile,
            identity=wanted.identity,
            nodes=wanted.nodes,
        )
