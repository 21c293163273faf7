"""A matrix for spreadsheets."""

from __future__ import annotations

import csv
import io

from netprobe.report.matrix.to_csv import render


def test_each_pair_of_groups_is_a_row_without_a_pod_and_itself(shop):
    rows = list(csv.DictReader(io.StringIO(render(shop))))
    assert len(rows) == 4 + 3 + 3 + 4 + 3
    assert rows[0] == {
        "source": "lab/probe shop/probe",
        "source_pods": "2",
        "destination": "lab/probe shop/probe",
        "destination_pods": "2",
        "port": "8080",
        "protocol": "TCP",
        "answer": "ALLOW",
    }
    assert {row["answer"] for row in rows if row["destination"] == "shop/db"} == {
        "ALLOW",
        "DENY",
        "UNDEFINED",
    }
    assert {row["port"] for row in rows} == {"8080", "5432", "53", "other"}
