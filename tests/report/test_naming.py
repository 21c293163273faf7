"""Words of a flow beside its ends."""

from __future__ import annotations

from netprobe.model.flow import Flow, PodRef
from netprobe.model.protocol import Via
from netprobe.report.naming import how_words

ENDS = {name: PodRef(namespace="shop", workload=name) for name in ("source", "destination")}


def test_every_way_has_its_words() -> None:
    words = {via: how_words(Flow(**ENDS, port=80, via=via, service="api", service_port=81)) for via in Via}
    assert words == {
        Via.IP: "",
        Via.SECOND_IP: "by second IP",
        Via.SERVICE: "by Service api:81",
        Via.NAME: "by name api:81",
        Via.NODE_PORT: "by node port of api:81",
    }
