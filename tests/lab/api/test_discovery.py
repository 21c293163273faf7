"""Discovery in both forms, as far as the lab serves what was recorded, and tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.lab.api.resources import RESOURCES
from netprobe.lab.api.tables import age

RECORDED = json.loads((Path(__file__).parent / "discovery.json").read_text())
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
SERVED = {r.plural for r in RESOURCES} | {f"{r.plural}/{s.name}" for r in RESOURCES for s in r.subresources}


def served(entries, key):
    return {entry[key]: entry for entry in entries if entry[key] in SERVED}


@pytest.mark.parametrize(
    "path", ["/api/v1", "/apis/apps/v1", "/apis/networking.k8s.io/v1", "/apis/discovery.k8s.io/v1"]
)
def test_resources_are_listed_as_recorded(server, path):
    body, recorded = server.request("GET", path)[2], RECORDED[path]
    wanted = served(recorded.pop("resources"), "name")
    assert wanted
    ours = served(body.pop("resources"), "name")
    assert {name: ours[name] for name in wanted} == wanted
    assert body == recorded


def test_the_aggregated_form_agrees_with_the_recorded_one(server):
    status, kind, body, _ = server.request("GET", "/apis", accept=f"{AGGREGATED},application/json")
    assert (status, kind) == (200, AGGREGATED)
    (recorded,) = RECORDED["aggregated"]["items"]
    (ours,) = (item for item in body["items"] if item["metadata"] == recorded["metadata"])
    wanted = served(recorded["versions"][0]["resources"], "resource")
    assert served(ours["versions"][0]["resources"], "resource") == wanted
    core = server.request("GET", "/api", accept=AGGREGATED)[2]["items"]
    assert "pods" in {r["resource"] for r in core[0]["versions"][0]["resources"]}


def test_every_group_leads_to_its_resources(server):
    for group in server.request("GET", "/apis")[2]["groups"]:
        assert server.request("GET", f"/apis/{group['name']}")[2]["name"] == group["name"]
        listed = server.request("GET", f"/apis/{group['preferredVersion']['groupVersion']}")[2]
        assert listed["resources"]


def test_kubectl_finds_where_field_validation_is_a_parameter(server):
    index = server.request("GET", "/openapi/v3")[2]["paths"]
    document = server.request("GET", index["apis/apps/v1"]["serverRelativeURL"])[2]
    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"]["kind"] == "Deployment"
    assert "fieldValidation" in {parameter["name"] for parameter in patch["parameters"]}


def test_a_table_has_a_cell_for_every_column(server):
    policy = {"metadata": {"name": "x"}, "spec": {"podSelector": {"matchLabels": {"b": "1", "a": "2"}}}}
    path = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies"
    server.request("POST", path, policy)
    body = server.request(
        "GET", path, accept="application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
    )[2]
    assert [column["name"] for column in body["columnDefinitions"]] == ["Name", "Pod-Selector", "Age"]
    assert body["rows"][0]["cells"][:2] == ["x", "a=2,b=1"]


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(0, "0s"), (119, "119s"), (120, "2m"), (185, "3m5s"), (3600, "60m"), (10800, "3h"), (172800, "2d")],
)
def test_ages_are_short(seconds, wanted):
    hours, rest = divmod(seconds, 3600)
    now = f"2026-01-{1 + hours // 24:02}T{hours % 24:02}:{rest // 60:02}:{rest % 60:02}Z"
    assert age("2026-01-01T00:00:00Z", now) == wanted
