"""What a cluster cannot have of the board, with the reasons."""

from __future__ import annotations

import pytest

from netprobe.audit.board.pods import Needs
from netprobe.audit.needs import lacking_in
from netprobe.model.run import ClusterDescription


def cluster(version: str, **lacks: str) -> ClusterDescription:
    return ClusterDescription(name="context", kind="live", title="a cluster", version=version, lacks=lacks)


def lacking(version: str = "v1.30.0", *, asked: bool = True, **lacks: str) -> dict[Needs, str]:
    return dict(lacking_in(cluster(version, **lacks), sctp=asked, exposure=asked))


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("v1.35.4", ""),
        ("1.9.11+k3s1", ""),
        ("v1.36.0", "this API server refuses them, as all do from 1.36 on"),
        ("v2.0.1", "this API server refuses them, as all do from 1.36 on"),
        ("", "the version of this API server is not known, and newer ones refuse them"),
    ],
)
def test_newer_servers_take_no_blocks_with_bits_beyond_their_prefix(version, reason):
    assert lacking(version).get(Needs.ROUGH_BLOCKS, "") == reason


def test_what_was_not_asked_for_is_left_out_with_its_option():
    found = lacking(asked=False)
    assert set(found) == {Needs.SCTP, Needs.EXPOSURE}
    assert "--sctp" in found[Needs.SCTP]
    assert "--allow-exposure" in found[Needs.EXPOSURE]
    assert lacking() == {}


def test_a_cluster_without_sctp_says_why():
    assert lacking(sctp="the kernel has no SCTP")[Needs.SCTP] == "the kernel has no SCTP"
