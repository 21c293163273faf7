"""Why flows between pods, Services and addresses of a folder are allowed or not."""

from __future__ import annotations

import pytest

from netprobe.app.explain import ExplainRequest, explain_flow
from netprobe.app.inventories import Where
from netprobe.errors import InputError
from netprobe.model.decision import Answer


@pytest.fixture
def explained(shop):
    """Explain a flow of the folder."""

    def explain(source, destination, **more):
        return explain_flow(
            ExplainRequest(where=Where(paths=["."]), source=source, destination=destination, **more)
        )

    return explain


@pytest.mark.parametrize(
    ("source", "destination", "answer"),
    [
        ("shop/web", "shop/db:5432", "ALLOW"),
        ("shop/web", "shop/db:53/udp", "DENY"),
        ("shop/web", "shop/web:http", "ALLOW"),
        ("lab/probe", "service/shop/web:plain", "ALLOW"),
        ("shop/db", "203.0.113.1:443", "ALLOW"),
        ("192.0.2.1", "shop/db:5432", "ALLOW"),
        ("192.0.2.9", "shop/db:5432", "DENY"),
        ("198.51.100.1", "shop/db:5432", "DENY"),
        ("lab/probe", "shop/db:5432", "UNDEFINED"),
    ],
)
def test_the_answer_for_ends_of_all_sorts(source, destination, answer, explained):
    assert explained(source, destination).decision.answer is Answer(answer)


def test_a_denial_names_the_rule_that_came_nearest_and_its_place(explained):
    miss = explained("shop/web", "shop/db:5433").decision.ingress.nearest_miss
    assert (miss.policy, miss.rule, str(miss.place)) == ("db", 0, "shut.yaml:8:5")
    assert miss.text == "admits shop/web[0], but only on TCP 5432, not on TCP 5433"


@pytest.mark.parametrize(
    ("source", "port", "words"),
    [
        ("192.0.2.9", 5432, "admits 192.0.2.0/24, but excepts 192.0.2.9/32, which holds 192.0.2.9"),
        ("192.0.2.1", 80, "admits 192.0.2.1, but only on TCP 5432, not on TCP 80"),
    ],
)
def test_an_address_can_be_near_to_a_block_or_to_a_port(source, port, words, explained):
    assert explained(source, f"shop/db:{port}").decision.ingress.nearest_miss.text == words


def test_a_flow_by_service_names_the_pods_behind_it(explained):
    found = explained("lab/probe", "service/shop/web:80")
    assert found.backends == ("shop/web[0]", "shop/web[1]", "shop/web[2]")
    assert found.destination == "Service shop/web"
    assert [port for _, port, _ in found.decision.backends] == [8080] * 3


def test_what_was_chosen_and_what_is_odd_is_noted(explained):
    notes = explained("shop/web", "shop/db:1", defect="ports-ignored").notes
    assert notes[0] == "shop/web has 3 pods; this is about shop/web[0]"
    assert notes[1] == "shop/db declares 5432/tcp, 53/udp, but not 1/tcp"
    assert notes[-1].startswith("these are the answers of a network with the defect ports-ignored, which ")


@pytest.mark.parametrize(
    ("defect", "answer"), [("", "DENY"), ("ports-ignored", "ALLOW"), ("udp-open", "DENY")]
)
def test_a_defect_changes_the_answer_where_it_shows(defect, answer, explained):
    assert explained("shop/web", "shop/db:1", defect=defect).decision.answer is Answer(answer)


@pytest.mark.parametrize(
    ("source", "destination", "defect", "words"),
    [
        ("service/shop/web", "shop/db:80", "", "Service shop/web is no source of traffic"),
        ("192.0.2.1", "192.0.2.2:80", "", "neither end is a pod"),
        ("192.0.2.1", "service/shop/web:80", "", "which pod an address reaches by a Service is not known"),
        ("shop/db", "service/shop/web:80", "udp-open", "a defect is shown for pods, not for Services"),
        ("shop/db", "shop/web:80", "udp-opne", 'there is no defect "udp-opne"'),
    ],
)
def test_questions_without_an_answer_say_why(source, destination, defect, words, explained):
    with pytest.raises(InputError, match=words):
        explained(source, destination, defect=defect)
