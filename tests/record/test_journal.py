"""A journal read back is what was written, also when the run was killed."""

from __future__ import annotations

import json
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import InputError
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.protocol import Protocol
from netprobe.model.run import ClusterDescription, SentinelReading
from netprobe.model.topology import (
    Backend,
    ContainerPort,
    ExternalHost,
    Namespace,
    Node,
    Pod,
    Service,
    ServicePort,
    Topology,
)
from netprobe.record.codec import BrokenLine, decode, encode
from netprobe.record.journal import JournalWriter, parse_journal, read_journal
from netprobe.record.records import (
    Baseline,
    Calibration,
    End,
    Header,
    Measured,
    Skipped,
    StepEnd,
    StepState,
)

HEADER = Header(
    run_id="abc123",
    netprobe_version="1.0",
    started="2025-01-01T00:00:00Z",
    cluster=ClusterDescription(name="lab", kind="lab", title="lab (enforcing)", facts={"nodes": "2"}),
    scenario="three-tier",
    origin="scenarios/three-tier",
    files={"scenario.yaml": "netprobe: 1\nname: three-tier — ü\n"},
    settings={"settle": 30.0},
)
OBSERVATION = Observation(
    flow="a/b[0]->a/c[0]:80/tcp/ip",
    attempts=(
        Attempt(outcome=Outcome.DROPPED, phase=Phase.COUNTED, round=3, started=1.1 + 2.2, broken_control="x"),
    ),
    baseline=Outcome.CONNECTED,
)
TOPOLOGY = Topology(
    namespaces=(Namespace(name="a", labels={"team": "x"}),),
    pods=(Pod(namespace="a", name="b-1", ips=("10.0.0.1",), ports=(ContainerPort(number=80, name="http"),)),),
    services=(
        Service(
            namespace="a",
            name="s",
            ports=(ServicePort(port=80, target="http"), ServicePort(port=81, target=8081)),
            backends=(
                Backend(service_port=80, protocol=Protocol.TCP, address="10.0.0.1", port=80, pod="b-1"),
            ),
            selector={"app": "b"},
        ),
    ),
    nodes=(Node(name="n1", addresses=("172.18.0.2",)),),
    externals=(ExternalHost(name="partner", address="203.0.113.10", ports=(443,)),),
    nameserver="10.96.0.10",
)
STATE = StepState(
    step="one",
    topology=TOPOLOGY,
    policies=({"kind": "NetworkPolicy", "spec": {"podSelector": {}, "ingress": []}},),
)
RECORDS = (
    HEADER,
    Baseline(observations=(OBSERVATION,), seconds=0.5),
    STATE,
    Measured(observation=OBSERVATION),
    StepEnd(
        step="one",
        sentinels=(SentinelReading(node="n1", closing=True, flipped=None),),
        disturbed={OBSERVATION.flow: "a pod restarted"},
        seconds=4.25,
    ),
    End(figures={"rounds": 2}, notes=("a note",)),
)


def write(path, records=RECORDS):
    with JournalWriter(path) as journal:
        for record in records:
            journal.append(record)
        return journal.recording


def test_what_is_read_is_what_the_writer_kept(tmp_path):
    kept = write(tmp_path / "j.jsonl")
    assert read_journal(tmp_path / "j.jsonl") == kept
    assert kept.header == HEADER
    assert kept.steps[0].observations == (OBSERVATION,)
    assert kept.steps[0].state.topology == TOPOLOGY
    assert kept.end is not None
    first = json.loads((tmp_path / "j.jsonl").read_text().splitlines()[0])
    assert first["netprobe_journal"] == 1


def test_a_journal_in_memory_keeps_the_same_recording(tmp_path):
    assert write(None) == write(tmp_path / "j.jsonl")


CALIBRATION = Calibration(
    ip_blocks_mean_pods=IpBlocksMeanPods.NO, observations=(OBSERVATION,), not_enforced_on="n1", seconds=1.5
)


@pytest.mark.parametrize("record", [*RECORDS, CALIBRATION], ids=lambda record: type(record).__name__)
def test_every_record_survives_the_round_trip(record):
    assert decode(encode(record)) == record


def test_every_prefix_of_a_journal_is_readable(tmp_path):
    whole = write(tmp_path / "j.jsonl")
    text = (tmp_path / "j.jsonl").read_text()
    first = text.index("\n") + 1
    for cut in range(first, len(text), 37):
        part = parse_journal(text[:cut], "j")
        assert part.header == whole.header
        assert part.end is None
    interrupted = parse_journal(text[: text.index('{"record":"step_end"') + 20], "j")
    assert interrupted.steps[0].end is None
    assert interrupted.steps[0].observations == (OBSERVATION,)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[]", "JSON object"),
        ('{"record":"nonsense"}', "no record called 'nonsense'"),
        ('{"record":"end","reason":4}', "broken at reason"),
        ('{"record":"end","surprise":4}', "broken at surprise"),
        ('{"record":"step_end","step":"two"}', "a step ends that was not begun"),
        ('{"netprobe_journal":1,"record":"end"}\n{"record":"end"}', "after the end"),
    ],
)
def test_a_broken_line_is_refused_with_its_place(tmp_path, line, message):
    path = tmp_path / "j.jsonl"
    path.write_text(f"{encode(HEADER)}\n{line}\n{encode(End())}\n")
    with pytest.raises(InputError) as caught:
        read_journal(path)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert str(problem).startswith(f"{path}:{3 if 'after' in message else 2}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no header"),
        (encode(HEADER)[:40], "no header"),
        (encode(End()) + "\n", "begins with its header"),
        (encode(HEADER).replace('"netprobe_journal":1', '"netprobe_journal":2') + "\n", "version 2"),
        (encode(HEADER).replace('"netprobe_journal":1,', "") + "\n", "netprobe_journal"),
        (encode(HEADER) + "\n" + encode(HEADER) + "\n", "one header"),
        (encode(HEADER) + "\n" + encode(RECORDS[3]) + "\n", "no step is open"),
    ],
)
def test_what_is_no_journal_is_refused(text, message):
    with pytest.raises(InputError) as caught:
        parse_journal(text, "j")
    assert message in caught.value.problems[0].message


def test_a_skipped_run_says_why():
    text = "\n".join(map(encode, (HEADER, Skipped(reason="one node only"), End()))) + "\n"
    assert parse_journal(text, "j").skipped == "one node only"


def test_files_that_cannot_be_written_or_read_are_the_users_business(tmp_path):
    (tmp_path / "j").write_text("")
    with pytest.raises(InputError, match="exists already"):
        JournalWriter(tmp_path / "j")
    with pytest.raises(InputError, match="cannot be written"):
        JournalWriter(tmp_path / "none" / "j")
    with pytest.raises(InputError, match="cannot be read"):
        read_journal(tmp_path / "none" / "j")


@given(
    started=st.floats(allow_nan=False, allow_infinity=False),
    detail=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_numbers_and_texts_survive_exactly(started, detail):
    attempt = Attempt(outcome=Outcome.ERROR, phase=Phase.BASELINE, round=0, started=started, detail=detail)
    record = Measured(observation=Observation(flow=detail, attempts=(attempt,)))
    line = encode(record)
    assert "\n" not in line
    assert decode(line) == record


def test_records_out_of_order_have_no_recording():
    with JournalWriter() as journal:
        journal.append(HEADER)
        journal.append(Measured(observation=OBSERVATION))
        with pytest.raises(BrokenLine, match="no step is open"):
            assert journal.recording


def test_an_interruption_between_write_and_count_leaves_file_and_recording_in_agreement(
    tmp_path, monkeypatch
):
    path = tmp_path / "j"
    with JournalWriter(path) as journal:
        journal.append(HEADER)

        def interrupted(_descriptor):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", interrupted)
            with pytest.raises(KeyboardInterrupt):
                journal.append(RECORDS[1])
        assert journal.recording.baseline is None
        journal.append(End(reason="interrupted"))
        kept = journal.recording
    assert read_journal(path) == kept


def test_an_interruption_before_closing_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "j"
    journal = JournalWriter(path)
    journal.append(HEADER)
    monkeypatch.setattr("os.fsync", lambda _descriptor: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        journal.append(RECORDS[1])
    journal.close()
    journal.close()
    assert read_journal(path) == journal.recording


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told():
    journal = JournalWriter()
    with FileIO("/dev/full", "w") as full:
        journal._file = full
        with pytest.raises(InputError, match="No space left"):
            journal.append(HEADER)
        journal._file = None
