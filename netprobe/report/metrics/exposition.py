"""Families of metrics as text, and served over HTTP: the only door to ``prometheus_client``."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from netprobe.errors import InputError
from netprobe.report.metrics.families import RUN, SUCCESS, Family


class _Fixed(Collector):
    """Metrics that stay as they are."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return self._metrics


def render(families: Iterable[Family]) -> str:
    """Return the text exposition format; families without samples are left out."""
    return _text([_metric(family) for family in families if family.samples])


def keep_successes(text: str, before: str) -> str:
    """Return ``text`` with the last success of what was no success this time, as ``before`` has it.

    What ``before`` is, if it is no exposition, does not matter: then nothing is known of earlier runs.
    """
    new = list(text_string_to_metric_families(text))
    try:
        old = {metric.name: metric for metric in text_string_to_metric_families(before)}
    except ValueError:
        return text
    kept = [metric for each in new if each.name.endswith(RUN) for metric in _kept(each, new, old)]
    return _text([*(each for each in new if each.name not in {metric.name for metric in kept}), *kept])


@contextmanager
def serving(text: str, host: str, port: int) -> Iterator[str]:
    """Serve ``text`` at every path while the block runs; give the URL. ``host`` "" is all interfaces.

    Raises InputError when the address cannot be had.
    """
    registry = _registry(list(text_string_to_metric_families(text)))
    everywhere = "::" if socket.has_dualstack_ipv6() else "0.0.0.0"  # noqa: S104 - in a pod it must be reached
    try:
        server, thread = start_http_server(port, addr=host or everywhere, registry=registry)
    except OSError as error:
        raise InputError(
            f"metrics cannot be served at {host}:{port}: {error.strerror or error}",
            remedy="name another port, or 127.0.0.1:PORT",
        ) from error
    try:
        shown = f"[{host}]" if ":" in host else host or socket.gethostname()
        yield f"http://{shown}:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _kept(run: Metric, new: Sequence[Metric], old: dict[str, Metric]) -> Iterator[Metric]:
    """The metric of successes that belongs to ``run``, filled up from before."""
    name = run.name.removesuffix(RUN) + SUCCESS
    before = old.get(name)
    now = next((metric for metric in new if metric.name == name), None)
    have = [sample.labels for sample in now.samples] if now is not None else []
    wanted = [sample.labels for sample in run.samples if sample.labels not in have]
    earlier = [sample for sample in before.samples if sample.labels in wanted] if before is not None else []
    if before is not None and earlier:
        whole = Metric(name, (now or before).documentation, "gauge")
        whole.samples = [*(now.samples if now is not None else ()), *earlier]
        yield whole


def _metric(family: Family) -> Metric:
    metric = GaugeMetricFamily(family.name, family.says, labels=family.labels)
    for labels, value in family.samples:
        metric.add_metric(labels, value)
    return metric


def _registry(metrics: Sequence[Metric]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Fixed(metrics))
    return registry


def _text(metrics: Sequence[Metric]) -> str:
    return generate_latest(_registry(sorted(metrics, key=lambda metric: metric.name))).decode("utf-8")
