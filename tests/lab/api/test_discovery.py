"""Discovery beyond what is recorded (see tests/contract), and tables."""

from __future__ import annotations

import pytest

from netprobe.lab.api.columns import age
from netprobe.lab.api.resources import RESOURCES

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def test_the_aggregated_form_has_the_core_group_too(server):
    status, kind, body, _ = server.request("GET", "/api", accept=f"{AGGREGATED},application/json")
    assert (status, kind) == (200, AGGREGATED)
    (group,) = body["items"]
    assert {r.plural for r in RESOURCES if not r.group} == {
        each["resource"] for each in group["versions"][0]["resources"]
    }


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
