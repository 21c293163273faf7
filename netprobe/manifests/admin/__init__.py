"""Cluster-wide policies of policy.networking.k8s.io, refused as their CRDs do."""

from __future__ import annotations

from netprobe.manifests.admin.policy import (
    decode_admin_policy,
    decode_admin_policy_body,
    read_admin_policy,
)

__all__ = ["decode_admin_policy", "decode_admin_policy_body", "read_admin_policy"]
