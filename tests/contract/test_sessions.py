"""What a run takes for granted of an exec session: whole output, in order, or no answer at all."""

from __future__ import annotations

import threading

import pytest

from netprobe.errors import SessionLost
from netprobe.model.observation import Outcome
from netprobe.probing.reply import read_reply
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import script_for

MARK = "END-OF-ANSWER"


def test_one_session_answers_many_times(open_session):
    """A run keeps one session per pod: an answer must never be that of the question before."""
    session = open_session()
    for number in range(50):
        assert session.exchange(f"echo {number}; echo {MARK}\n", MARK, 30) == f"{number}\n"


def test_a_large_output_is_whole_and_in_order(open_session):
    """A batch's answer can be large; a piece that is missing would look like probes that never ran."""
    script = f"seq 1 500000; echo {MARK}\n"
    output = open_session().exchange(script, MARK, 120)
    assert len(output) > 3_000_000
    assert output == "".join(f"{number}\n" for number in range(1, 500_001))


def test_a_large_script_arrives_whole(open_session):
    """The script of a batch is sent over stdin; a cut script would probe less than it says."""
    lines = "\n".join(f"line {number} of a long here-document" for number in range(8000))
    output = open_session().exchange(f"cat <<'EOF'\n{lines}\nEOF\necho {MARK}\n", MARK, 60)
    assert output == lines + "\n"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (r"one\r\ntwo\r\n", "one\r\ntwo\r\n"),
        (r"gr\303\274n \342\206\222\n", "grün →\n"),
        (r"\377\n", "\N{REPLACEMENT CHARACTER}\n"),
        (r"a\000b\033[1m\n", "a\0b\x1b[1m\n"),
        (r"\t tabs and ends \n\n\n", "\t tabs and ends \n\n\n"),
    ],
    ids=["crlf", "utf-8", "no utf-8", "control characters", "white space"],
)
def test_characters_pass_unchanged(open_session, printed, read):
    """There is no terminal in between: one that changes line ends would break the end mark."""
    session = open_session()
    assert session.exchange(f"printf '{printed}'; echo {MARK}\n", MARK, 30) == read
    assert session.exchange(f"echo after; echo {MARK}\n", MARK, 30) == "after\n"


def test_the_mark_counts_as_a_whole_line_only(open_session):
    """A name or message that holds the mark must not end the answer early."""
    script = f"echo {MARK}S; echo ' {MARK}'; echo 'x {MARK}'; echo {MARK}\n"
    assert open_session().exchange(script, MARK, 30) == f"{MARK}S\n {MARK}\nx {MARK}\n"


def test_a_mark_that_comes_in_two_pieces(open_session):
    """Nothing promises that a line comes in one frame."""
    half, rest = MARK[:5], MARK[5:]
    script = f"echo answer; printf {half}; sleep 0.5; printf '{rest}\\n'\n"
    assert open_session().exchange(script, MARK, 30) == "answer\n"


def test_stderr_is_kept_apart(open_session):
    """A warning of some program must not stand between the records."""
    script = f"echo out; echo warning >&2; echo more; echo {MARK}\n"
    assert open_session().exchange(script, MARK, 30) == "out\nmore\n"


def test_exit_codes_are_the_programs(open_session):
    """The outcome of a probe rests on curl's exit code, among others."""
    script = f"true; echo $?; false; echo $?; (exit 28); echo $?; echo {MARK}\n"
    assert open_session().exchange(script, MARK, 30) == "0\n1\n28\n"


def test_the_deadline_ends_the_session_with_what_arrived(open_session):
    """A pod that hangs must not hang the run, and its session may hold the rest of an old answer."""
    session = open_session()
    with pytest.raises(SessionLost, match="no end mark within 2 s") as caught:
        session.exchange(f"echo so far; sleep 30; echo {MARK}\n", MARK, 2)
    assert caught.value.partial == "so far\n"
    with pytest.raises(SessionLost, match="closed"):
        session.exchange(f"echo {MARK}\n", MARK, 30)


def test_a_shell_that_ends_is_lost_with_its_last_words(open_session):
    """The reader of a report must learn why a pod did not answer."""
    with pytest.raises(SessionLost, match="last words: oh no") as caught:
        open_session().exchange("echo partial; echo oh no >&2; sleep 1; exit 3\n", MARK, 30)
    assert caught.value.partial == "partial\n"
    assert "exit code 3" in caught.value.message


def test_an_answer_that_is_cut_is_an_error_and_never_closed(deployed, open_session):
    """Read as "closed", a broken session would pass every deny test."""
    web = deployed.pod("shop", "web")
    request = Request(id="r", kind=RequestKind.TCP, address=str(web.ips[0]), port=8080, timeout=2.0)
    batch = Batch(id="cut", requests=(request,))
    script = script_for(batch)
    session = open_session()
    with pytest.raises(SessionLost) as caught:
        session.exchange("kill -9 $$\n" + script.text, script.end_mark, 30)
    replies = read_reply(batch, caught.value.partial)
    assert [reply.outcome for reply in replies] == [Outcome.ERROR]


def test_twenty_sessions_do_not_mix(open_session):
    """A run holds a session in each pod and asks all of them at the same time."""
    sessions = [open_session() for _ in range(20)]
    answers = [""] * len(sessions)

    def talk(number):
        script = f"for n in $(seq 1 200); do echo {number}; done; echo {MARK}\n"
        answers[number] = sessions[number].exchange(script, MARK, 60)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(len(sessions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [f"{number}\n" * 200 for number in range(len(sessions))]


def test_no_pod(cluster, deployed):
    """A pod that went away is named, so that its flows say why they are ERROR."""
    namespace = deployed.placed(deployed.pod("street", "visitor"))
    with pytest.raises(SessionLost, match=f'{namespace}/nobody.*pods "nobody" not found'):
        cluster.open_session(namespace, "nobody")


def test_no_container(deployed, open_session):
    """A container that is not there is a lost session, not an empty answer."""
    with pytest.raises(SessionLost, match=r"visitor.*nothere"):
        open_session(container="nothere").exchange(f"echo {MARK}\n", MARK, 30)
