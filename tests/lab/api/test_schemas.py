"""OpenAPI schemas: every reference leads somewhere, and kubectl is never told to patch by them."""

from __future__ import annotations

import json
import re

import pytest

from netprobe.lab.api.openapi import openapi_document
from netprobe.lab.api.resources import RESOURCES


@pytest.mark.parametrize("group_version", sorted({(r.group, r.version) for r in RESOURCES}))
def test_every_reference_leads_to_a_schema(group_version):
    document = openapi_document(*group_version)
    schemas = document["components"]["schemas"]
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred <= set(schemas)
    kinds = {r.kind for r in RESOURCES if (r.group, r.version) == group_version}
    assert kinds <= {name for name, each in schemas.items() if "x-kubernetes-group-version-kind" in each}
    assert "strategic-merge-patch" not in json.dumps(document)
