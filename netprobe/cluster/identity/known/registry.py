"""All fingerprints, in the order in which they are tried."""

from __future__ import annotations

from netprobe.cluster.identity.known import (
    bridges,
    calico,
    cilium,
    clouds,
    flannel,
    kube_router,
    open_vswitch,
    weave,
)

FINGERPRINTS = (
    *calico.FINGERPRINTS,
    *cilium.FINGERPRINTS,
    *open_vswitch.FINGERPRINTS,
    *kube_router.FINGERPRINTS,
    *flannel.FINGERPRINTS,
    *weave.FINGERPRINTS,
    *clouds.FINGERPRINTS,
    *bridges.FINGERPRINTS,
)
