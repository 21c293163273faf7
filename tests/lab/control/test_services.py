"""Endpoint slices and the picture of Services, object by object."""

from __future__ import annotations

from netprobe.lab.control.endpoints import EndpointSlices
from netprobe.lab.control.picture import PictureReader
from netprobe.lab.datapath.picture import Frontend
from netprobe.lab.store.objects import Store
from netprobe.model.protocol import Protocol


def store():
    return Store(lambda: "2026-01-01T00:00:00Z")


def pod(name, ip, *ports, ready=True, phase="Running", **extra):
    ready_condition = {"type": "Ready", "status": "True" if ready else "False"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "labels": {"app": "web"}},
        "spec": {"nodeName": "node1", "containers": [{"name": "main", "ports": list(ports)}], **extra},
        "status": {"phase": phase, "podIP": ip, "conditions": [ready_condition]},
    }


def service(*ports, **spec):
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", "labels": {"team": "a"}},
        "spec": {"clusterIP": "10.96.0.20", "selector": {"app": "web"}, "ports": list(ports), **spec},
    }


def reconcile(objects):
    EndpointSlices(objects, lambda: "2026-01-01T00:00:00Z").reconcile(("services", "shop", "web"))
    return list(objects.list("endpointslices", "shop"))


def http(number):
    return {"name": "http", "containerPort": number}


NAMED = {"name": "web", "port": 80, "targetPort": "http"}
PLAIN_UDP = {"name": "dns", "port": 53, "protocol": "UDP"}


def test_pods_whose_named_port_differs_get_slices_of_their_own():
    objects = store()
    objects.create("services", service(NAMED, PLAIN_UDP))
    objects.create("pods", pod("a", "10.244.0.2", http(8080)))
    objects.create("pods", pod("b", "10.244.0.3", http(9090)))
    objects.create("pods", pod("c", "10.244.0.4"))
    found = {
        tuple((port["name"], port["port"]) for port in one["ports"]): one["endpoints"][0]["addresses"]
        for one in reconcile(objects)
    }
    assert found == {
        (("dns", 53), ("web", 8080)): ["10.244.0.2"],
        (("dns", 53), ("web", 9090)): ["10.244.0.3"],
        (("dns", 53),): ["10.244.0.4"],
    }
    web, dns = PictureReader(objects, ()).read().frontends
    assert web == Frontend(
        cluster_ip="10.96.0.20", port=80, backends=(("10.244.0.2", 8080), ("10.244.0.3", 9090))
    )
    assert dns.protocol is Protocol.UDP
    assert [address for address, _ in dns.backends] == ["10.244.0.2", "10.244.0.3", "10.244.0.4"]


def test_only_ready_pods_serve_but_the_others_are_listed():
    objects = store()
    objects.create("services", service(NAMED))
    objects.create("pods", pod("a", "10.244.0.2", http(8080)))
    objects.create("pods", pod("b", "10.244.0.3", http(8080), ready=False))
    objects.create("pods", pod("d", "10.244.0.5", http(8080), phase="Succeeded"))
    leaving = pod("c", "10.244.0.4", http(8080))
    leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    objects.create("pods", leaving)
    (one,) = reconcile(objects)
    conditions = {each["targetRef"]["name"]: each["conditions"] for each in one["endpoints"]}
    assert conditions == {
        "a": {"ready": True, "serving": True, "terminating": False},
        "b": {"ready": False, "serving": False, "terminating": False},
        "c": {"ready": False, "serving": True, "terminating": True},
    }
    (frontend,) = PictureReader(objects, ()).read().frontends
    assert frontend.backends == (("10.244.0.2", 8080),)


def test_a_headless_service_has_slices_with_hostnames_and_no_translation():
    objects = store()
    objects.create("services", service(NAMED, clusterIP="None", publishNotReadyAddresses=True))
    named = {"hostname": "first", "subdomain": "web"}
    objects.create("pods", pod("a", "10.244.0.2", http(8080), ready=False, **named))
    (one,) = reconcile(objects)
    assert one["endpoints"][0]["hostname"] == "first"
    assert one["endpoints"][0]["conditions"]["ready"] is True
    assert one["metadata"]["labels"]["service.kubernetes.io/headless"] == ""
    picture = PictureReader(objects, ()).read()
    assert (picture.frontends, picture.cluster_ips) == ((), ())


def test_slices_are_updated_in_place_and_taken_away():
    objects = store()
    objects.create("services", service(NAMED))
    objects.create("pods", pod("a", "10.244.0.2", http(8080)))
    (first,) = reconcile(objects)
    objects.create("pods", pod("b", "10.244.0.3", http(8080)))
    (second,) = reconcile(objects)
    assert second["metadata"]["uid"] == first["metadata"]["uid"]
    assert len(second["endpoints"]) == 2
    version = objects.version
    reconcile(objects)
    assert objects.version == version  # nothing to do writes nothing
    objects.remove("pods", "shop", "a")
    objects.remove("pods", "shop", "b")
    (empty,) = reconcile(objects)
    assert empty["endpoints"] == []
    (frontend,) = PictureReader(objects, ()).read().frontends
    assert frontend.backends == ()


def test_a_service_without_selector_is_left_to_its_author():
    objects = store()
    body = service({"name": "", "port": 443, "targetPort": 8443})
    del body["spec"]["selector"]
    objects.create("services", body)
    own = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "own", "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["203.0.113.10"]}],
        "ports": [{"name": "", "port": 8443, "protocol": "TCP"}],
    }
    objects.create("endpointslices", own)
    (kept,) = reconcile(objects)
    assert kept["metadata"]["name"] == "own"
    (frontend,) = PictureReader(objects, ()).read().frontends
    assert frontend.backends == (("203.0.113.10", 8443),)


def test_two_services_that_claim_one_address_do_not_spoil_the_rules():
    objects = store()
    objects.create("services", service({"name": "", "port": 80, "nodePort": 30080}))
    rival = service({"name": "", "port": 80, "nodePort": 30080}, selector={"app": "rival"})
    rival["metadata"]["name"] = "zz-rival"
    objects.create("services", rival)
    third = service({"name": "", "port": 81, "nodePort": 30080})
    third["metadata"]["name"] = "zzz-third"
    objects.create("services", third)
    frontends = PictureReader(objects, ()).read().frontends
    assert [(one.port, one.node_port) for one in frontends] == [(80, 30080), (81, 0)]
