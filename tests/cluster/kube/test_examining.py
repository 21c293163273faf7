"""What is seen of a server that forbids, lacks or refuses things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.examining import Trials, examine
from netprobe.cluster.kube.rest import Rest
from netprobe.errors import EnvironmentFailure, Refused

POD = {"metadata": {"name": "p", "namespace": "default"}, "spec": {"containers": [{"name": "server"}]}}
TRIALS = Trials(namespace={"metadata": {"name": "n"}}, pod=POD, image="agnhost")


@pytest.fixture
def rest(api):
    connection = connect_to(api.kubeconfig())
    yield Rest(connection)
    connection.client.rest_client.close()


@pytest.fixture
def answering(api, failure):
    """Let the server answer: a version, empty lists, reviews that allow, and what a test says by path."""

    def answer(**by_path):
        def of(method, path, body):
            bare = path.partition("?")[0]
            for part, said in by_path.items():
                if bare.endswith(part):
                    return said(method, body) if callable(said) else said
            if bare == "/version":
                return 200, {"gitVersion": "v1.36.2"}
            if bare.endswith("accessreviews"):
                return 201, {"status": {"allowed": True}}
            if method == "POST":
                return 201, body
            return 200, {"kind": "XList", "items": []}

        api.answer = of

    return answer


def test_a_server_that_allows_everything(api, rest, answering):
    answering()
    facts = examine(rest, TRIALS)
    assert facts.version == "v1.36.2"
    assert facts.nodes.value == facts.webhooks.value == facts.quotas.value == ()
    assert not any(facts.lacking.value.values())
    assert (facts.trial_namespace.value.refusal, facts.trial_pod.value.added) == ("", ())
    clocks = facts.clocks.value
    assert clocks.before.timestamp() - 1 <= clocks.server.timestamp() <= clocks.after.timestamp()
    written = [(method, path) for method, path, _ in api.seen if method != "GET"]
    for method, path in written:
        assert method == "POST"
        assert path.endswith(("/selfsubjectaccessreviews", "?dryRun=All")), "nothing is written"


def test_what_is_forbidden_is_noted_and_the_rest_seen(rest, answering, failure):
    forbidden = failure(403, "Forbidden", 'nodes is forbidden: User "u" cannot list resource "nodes"')
    nobody = failure(
        403, "Forbidden", 'pods is forbidden: User "u" cannot create resource "pods" in API group ""'
    )
    answering(
        nodes=forbidden,
        mutatingwebhookconfigurations=forbidden,
        services=forbidden,
        **{"namespaces/default/pods": nobody},
    )
    facts = examine(rest, TRIALS)
    assert facts.nodes.value is None
    assert "cannot list resource" in facts.nodes.why
    assert facts.webhooks.value is None
    assert facts.dns_services.value is None
    assert "DNS Service" in facts.dns_services.why
    assert facts.trial_pod.value is None
    assert facts.limit_ranges.value == ()


def test_a_server_without_webhooks_or_reviews(rest, answering, failure):
    missing = failure(404, "NotFound", "the server could not find the requested resource")
    answering(validatingwebhookconfigurations=missing, selfsubjectaccessreviews=missing)
    facts = examine(rest, TRIALS)
    assert facts.webhooks.value == ()
    assert facts.lacking.value is None


def test_refusals_are_told_from_forbidden_dry_runs(rest, answering, failure):
    answering(
        **{
            "/namespaces": lambda method, _: (
                failure(403, "Forbidden", 'admission webhook "w" denied the request: no')
                if method == "POST"
                else (200, {"items": []})
            ),
            "/default/pods": (201, {"spec": {"containers": [{"name": "server"}, {"name": "istio-proxy"}]}}),
        }
    )
    facts = examine(rest, TRIALS)
    assert facts.trial_namespace.value.refusal == 'admission webhook "w" denied the request: no'
    assert facts.trial_pod.value.added == ("istio-proxy",)


def test_credentials_that_are_not_accepted_end_it(rest, answering, failure):
    answering(selfsubjectaccessreviews=failure(401, "Unauthorized", "Unauthorized"))
    with pytest.raises(Refused, match="may have expired"):
        examine(rest, TRIALS)


def test_permissions_that_are_missing(rest, answering):
    def review(_method, body):
        asked = body["spec"]["resourceAttributes"]
        return 201, {"status": {"allowed": (asked["verb"], asked.get("subresource")) != ("create", "exec")}}

    answering(selfsubjectaccessreviews=review)
    lacking = examine(rest, TRIALS).lacking.value
    assert {str(each) for needs in lacking.values() for each in needs} == {"create pods/exec"}


def test_a_server_that_is_not_there(rest, api):
    api.answer = lambda *_: (200, "<html>")
    with pytest.raises(EnvironmentFailure, match="no Kubernetes API server"):
        examine(rest, TRIALS)


def test_the_time_of_an_answer(rest, api):
    said = rest.server_time()
    assert said is not None
    assert abs((datetime.now(UTC) - said).total_seconds()) < 5
