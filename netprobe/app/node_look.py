"""The privileged look at the CNI files of nodes, where the user allows it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from netprobe.audit.nodes import AuditedNode
from netprobe.cluster.port import Cluster, Signs
from netprobe.model.identification import Identification
from netprobe.runner.node_files import FOLDER, NodeFiles, read_node_files


def look_on_nodes(cluster: Cluster, nodes: Sequence[AuditedNode], image: str) -> NodeFiles:
    """Read the CNI files of nodes by one short-lived pod on each; never fails for want of permission."""
    named = {node.name: node.hostname for node in nodes}
    return read_node_files(cluster, secrets.token_hex(3), named, image)


def with_files(signs: Signs, files: NodeFiles) -> Signs:
    """The signs with the files that most nodes have, and with what could not be seen."""
    return replace(signs, cni_files=files.common, unseen=(*signs.unseen, *files.unseen))


def with_differences(identification: Identification, files: NodeFiles) -> Identification:
    """The identification with a warning where nodes differ."""
    if not files.different:
        return identification
    nodes = ", ".join(files.different)
    warning = f"not all nodes have the same files in {FOLDER}: others than most are on {nodes}"
    return replace(identification, warnings=(*identification.warnings, warning))
