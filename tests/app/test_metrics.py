"""Where metrics go: a file, or an address."""

from __future__ import annotations

import socket

import pytest

from netprobe.app.formats import Output, parse_outputs, write_outputs
from netprobe.app.metrics import Address, address_in
from netprobe.errors import InputError
from netprobe.model.run import ClusterDescription, RunResult

RUN = RunResult(
    run_id="r",
    scenario="s",
    title="",
    cluster=ClusterDescription(name="simulated", kind="simulated", title="simulated cluster"),
    netprobe_version="0",
    started="2026-01-01T00:00:00Z",
    seconds=0.0,
    steps=(),
)


@pytest.mark.parametrize(
    ("word", "address"),
    [
        (":0", Address(host="", port=0)),
        ("127.0.0.1:0", Address(host="127.0.0.1", port=0)),
        ("localhost:0", Address(host="localhost", port=0)),
        ("[::1]:0", Address(host="::1", port=0)),
        ("metrics.prom", None),
        ("/var/lib/node_exporter/netprobe.prom", None),
        ("./a:9095", None),
        ("a:b", None),
    ],
)
def test_an_address_is_told_from_a_file(word, address):
    if address is not None and address.host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    found = address_in(word)
    assert found == address
    assert found is None or str(found) == word


@pytest.mark.parametrize(
    ("word", "message"), [(":70000", "no port 70000"), ("192.0.2.1:0", "cannot be served")]
)
def test_an_address_that_cannot_be_had_is_told_before_a_run(word, message):
    with pytest.raises(InputError) as caught:
        parse_outputs([f"prometheus={word}"])
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.place.file == f"-o prometheus={word}"
    assert problem.hint


def test_a_port_that_is_taken_is_told_before_a_run():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(InputError) as caught:
            parse_outputs([f"prometheus=127.0.0.1:{taken.getsockname()[1]}"])
    assert "Address already in use" in caught.value.problems[0].message


def test_only_metrics_have_addresses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (output,) = parse_outputs(["json=127.0.0.1:0"])
    assert (str(output.path), output.address) == ("127.0.0.1:0", None)


def test_pytest_serves_nothing():
    with pytest.raises(InputError) as caught:
        parse_outputs(["prometheus=127.0.0.1:0"], serves=False)
    assert "not served from here" in caught.value.problems[0].message


def test_what_is_served_is_given_away_and_files_keep_successes(tmp_path):
    file = tmp_path / "m.prom"
    success = "netprobe_scenario_last_success_timestamp_seconds"
    file.write_text(f'{success}{{cluster="simulated",scenario="s"}} 7\n')
    served = []
    outputs = (
        Output(format="prometheus", path=None, address=Address(host="", port=9)),
        Output(format="prometheus", path=file),
    )
    write_outputs(outputs, [RUN], print, lambda *given: served.append(given))
    ((address, text),) = served
    assert (str(address), success in text) == (":9", False)
    assert f'{success}{{cluster="simulated",scenario="s"}} 7.0' in file.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["m.prom"], "nothing half-written is left"
