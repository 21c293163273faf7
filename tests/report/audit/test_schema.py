"""Audits fit their published schema, and nothing is written that it does not know."""

from __future__ import annotations

import json

import pytest

from netprobe.report.audit.to_json import render
from tests.report.fitting import problems


@pytest.mark.parametrize("name", ["sound", "open_network", "one_fault", "no_answer", "many_nodes", "own_pod"])
def test_audits_fit(name, request):
    document = json.loads(render(request.getfixturevalue(name)))
    assert problems("check", document) == []
    document["nodes"].append({"node": 1})
    assert problems("check", document)
