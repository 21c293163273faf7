"""Metrics of an audit."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from netprobe.report.metrics.of_audit import render


def test_the_text_is_the_golden_one(one_fault, golden):
    golden("audit-one_fault.prom", render(one_fault))


def test_a_sound_network_is_a_success(sound, no_answer):
    def names(report):
        return {family.name for family in text_string_to_metric_families(render(report))}

    success = "netprobe_check_last_success_timestamp_seconds"
    assert success in names(sound)
    assert success not in names(no_answer)
    assert "netprobe_check_last_run_timestamp_seconds" in names(no_answer)
