"""Settings from all sources: precedence, places of problems, did-you-mean."""

from __future__ import annotations

import pytest

from netprobe.config.load import load_config
from netprobe.config.settings import KEYS, Config
from netprobe.errors import InputError

SECONDS = "a number of seconds, more than 0 and at most 3600"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a pyproject.toml, in which the test stands."""
    monkeypatch.chdir(tmp_path)

    def write(text: str):
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def problems_of(overrides, environment, folder) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_config(overrides, environment, folder)
    return [str(problem) for problem in caught.value.problems]


def test_without_any_source_the_defaults_hold(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    assert load_config({}, {}, tmp_path) == Config(cluster="lab", settle=30.0, color="auto")


def test_the_command_line_beats_the_environment_and_that_the_file(project):
    folder = project('[tool.netprobe]\ncluster = "lab:none"\nsettle = 6\ncolor = "never"\n')
    config = load_config({"cluster": "context:kind", "settle": None}, {"NETPROBE_SETTLE": "7.5"}, folder)
    assert config == Config(cluster="context:kind", settle=7.5, color="never")


def test_the_nearest_file_counts_even_without_the_section(project):
    folder = project("[tool.netprobe]\nsettle = 6\n")
    (folder / "inner").mkdir()
    assert load_config({}, {}, folder / "inner").settle == 6.0
    (folder / "inner" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert load_config({}, {}, folder / "inner").settle == 30.0


def test_all_settings_can_be_given_everywhere(project):
    folder = project(
        "[tool.netprobe]\ncluster='a'\nsettle=1\ndeploy-deadline=2\nimage='i'\ncolor='always'\n"
        "output=['json=r.json', 'junit=r.xml']\njournals='j'\njobs=3\nipblock-selects-pods='no'\n"
    )
    expected = Config(
        cluster="a",
        settle=1.0,
        deploy_deadline=2.0,
        image="i",
        color="always",
        output=("json=r.json", "junit=r.xml"),
        journals="j",
        jobs=3,
        ipblock_selects_pods="no",
    )
    assert load_config({}, {}, folder) == expected
    variables = {
        "NETPROBE_CLUSTER": "a",
        "NETPROBE_SETTLE": "1",
        "NETPROBE_DEPLOY_DEADLINE": "2",
        "NETPROBE_IMAGE": "i",
        "NETPROBE_COLOR": "always",
        "NETPROBE_OUTPUT": "json=r.json,junit=r.xml",
        "NETPROBE_JOURNALS": "j",
        "NETPROBE_JOBS": "3",
        "NETPROBE_IPBLOCK_SELECTS_PODS": "no",
    }
    assert load_config({}, variables, project("")) == expected
    assert len(variables) == len(KEYS)


def test_every_problem_of_every_source_is_told_with_its_place(project):
    folder = project('[project]\nname = "x"\n[tool.netprobe]\nsettel = 3\n  color = "blue"\nsettle = "6"\n')
    variables = {"NETPROBE_SETTLE": "soon", "NETPROBE_CLUSTR": "lab"}
    assert problems_of({"settle": -1.0}, variables, folder) == [
        "pyproject.toml:4:1: there is no setting settel; did you mean settle?",
        "pyproject.toml:5:3: color must be auto, always or never, not 'blue'",
        f"pyproject.toml:6:1: settle must be {SECONDS}, not '6'",
        "environment variable NETPROBE_CLUSTR: there is no such setting; did you mean NETPROBE_CLUSTER?",
        f"environment variable NETPROBE_SETTLE: settle must be {SECONDS}, not 'soon'",
        f"--settle: settle must be {SECONDS}, not -1.0",
    ]


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "3601", "", "1,5"])
def test_nonsense_seconds_are_refused(value, project):
    assert len(problems_of({}, {"NETPROBE_SETTLE": value}, project(""))) == 1


def test_underscores_are_understood_too(project):
    folder = project("[tool.netprobe]\nipblock_selects_pods = 'yes'\n")
    assert load_config({}, {}, folder).ipblock_selects_pods == "yes"
    folder = project("[tool.netprobe]\nipblock_selects_pods = 'maybe'\n")
    assert problems_of({"ipblock-selects-pods": "perhaps"}, {}, folder) == [
        "pyproject.toml:2:1: ipblock_selects_pods must be measure, yes, no or unknown, not 'maybe'",
        "--ipblock-selects-pods: ipblock-selects-pods must be measure, yes, no or unknown, not 'perhaps'",
    ]


def test_variables_that_kubernetes_sets_for_a_service_are_left_alone(project):
    folder = project("")
    variables = {
        "NETPROBE_SERVICE_HOST": "10.0.0.1",
        "NETPROBE_PORT": "tcp://10.0.0.1:80",
        "NETPROBE_DEBUG": "1",
    }
    assert load_config({}, variables, folder) == Config()


def test_broken_toml_has_its_place(project):
    assert problems_of({}, {}, project("[tool.netprobe]\nsettle = = 3\n")) == [
        "pyproject.toml:2:10: Invalid value"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("tool = 3\n", "pyproject.toml: [tool] must be a table"),
        ("[tool]\nnetprobe = 3\n", "pyproject.toml: [tool.netprobe] must be a table"),
        (
            "[tool.netprobe]\noutput = 'j'\n",
            "pyproject.toml:2:1: output must be a list of FORMAT=FILE, such as junit=report.xml, not 'j'",
        ),
        (
            "[tool.netprobe]\nshape = 3\n",
            "pyproject.toml:2:1: there is no setting shape; there are: " + ", ".join(KEYS),
        ),
    ],
)
def test_wrong_shapes_are_told(text, problem, project):
    (found,) = problems_of({}, {}, project(text))
    assert found.removeprefix(str(project(text)) + "/") == problem


def test_a_file_in_another_encoding_is_told(project):
    folder = project("")
    (folder / "pyproject.toml").write_bytes(b"\xff\xfe")
    (found,) = problems_of({}, {}, folder)
    assert "cannot be read" in found
