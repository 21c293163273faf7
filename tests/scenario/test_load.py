"""Folders and texts to scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.model.protocol import Via
from netprobe.scenario.load import load_from_files, load_scenario

APP = (
    "apiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: x}\r\n---\r\n"
    "apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: p, namespace: x}\r\nspec: {containers: [{name: a}]}\r\n"
)
TEXT = (
    "netprobe: 1\nname: demo\ntitle: T\nworkloads: [parts/app.yaml]\n"
    "via: [ip, name, ip]\nsteps: [{name: one}]\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "demo" / "parts").mkdir(parents=True)
    (tmp_path / "demo" / "scenario.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "demo" / "parts" / "app.yaml").write_bytes(APP.encode())
    (tmp_path / "demo" / "unused.yaml").write_text("[", encoding="utf-8")
    return tmp_path / "demo"


def test_a_folder_or_its_scenario_yaml(folder: Path) -> None:
    scenario = load_scenario(folder)
    assert scenario == load_scenario(folder / "scenario.yaml")
    assert (scenario.name, scenario.title, scenario.via) == ("demo", "T", (Via.IP, Via.NAME))
    assert scenario.namespaces == ("x",)


def test_the_texts_that_were_used_load_the_same_scenario_again(folder: Path) -> None:
    scenario = load_scenario(folder)
    assert scenario.files == {"scenario.yaml": TEXT, "parts/app.yaml": APP}
    again = load_from_files(scenario.files)
    assert (again.workloads[0].labels, again.files) == (scenario.workloads[0].labels, scenario.files)


@pytest.mark.parametrize("origin", ["journal/run", "journal/run/"])
def test_texts_are_shown_below_their_origin(origin: str) -> None:
    scenario = load_from_files({"scenario.yaml": TEXT, "parts/app.yaml": APP}, origin)
    assert str(scenario.workloads[0].place) == "journal/run/parts/app.yaml:5:1"


def test_paths_are_shown_from_here_when_they_lie_below(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_scenario(folder).workloads[0].place.file == str(folder / "parts/app.yaml")
    monkeypatch.chdir(folder.parent)
    assert load_scenario(folder).workloads[0].place.file == "demo/parts/app.yaml"
    assert load_scenario(Path("demo")).workloads[0].place.file == "demo/parts/app.yaml"


def test_what_is_not_a_scenario(folder: Path, tmp_path: Path) -> None:
    for path, said in (
        (tmp_path / "nowhere", "there is no "),
        (tmp_path / "nowhere" / "scenario.yaml", "there is no "),
        (folder / "parts", "holds no scenario.yaml"),
        (folder / "parts" / "scenario.yaml", "there is no "),
        (folder / "unused.yaml", "is not called scenario.yaml"),
    ):
        with pytest.raises(InputError) as caught:
            load_scenario(path)
        assert said in caught.value.message
        assert caught.value.remedy
    with pytest.raises(InputError, match=r"hold no scenario\.yaml"):
        load_from_files({"app.yaml": APP})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("parts", '"parts" is a directory; list its files one by one'),
        ("latin.yaml", '"latin.yaml" is not UTF-8 text (byte 2)'),
        ("link.yaml", "leads out of the scenario's folder through a link"),
        (
            "parts/ap.yaml",
            'there is no file "parts/ap.yaml" beside scenario.yaml; did you mean "parts/app.yaml"?',
        ),
        ("parts/app.yaml/x", "there is no file"),
    ],
)
def test_files_that_cannot_be_used(folder: Path, name: str, said: str) -> None:
    (folder / "latin.yaml").write_bytes("# é".encode("latin-1"))
    (folder / "link.yaml").symlink_to("/etc/hostname")
    (folder / "scenario.yaml").write_text(TEXT.replace("parts/app.yaml", name), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(folder)
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert (problem.place.line, problem.place.column) == (4, 13)
    assert "1 problem" in caught.value.message


def test_steps_and_hosts_need_names_of_their_own(refused) -> None:
    text = (
        "external:\n- {name: a, address: 192.0.2.1, ports: [1]}\n"
        "- {name: a, address: 192.0.2.x, ports: [1]}\n"
        "workloads: [parts/app.yaml, parts/app.yaml]\n"
        "steps:\n- name: one\n- name: one\nnetprobe: 1\nname: nn\n"
    )
    assert refused({"scenario.yaml": text, "parts/app.yaml": APP}) == [
        'scenario.yaml:3:10: external host "a" is declared twice',
        'scenario.yaml:3:22: "192.0.2.x" is not an IP address',
        'scenario.yaml:4:29: "parts/app.yaml" is listed twice',
        'scenario.yaml:7:9: a step named "one" is there already',
    ]


def test_intent_is_compared_with_pods_although_other_keys_are_wrong() -> None:
    text = (
        "netprobe: 1\nname: demo\nfeatures: [ingres]\nworkloads: [parts/app.yaml]\n"
        "via: [ip, nam]\ncolour: red\nsteps:\n- name: one\n  intent:\n    allow:\n    - x/q -> dns\n"
    )
    with pytest.raises(InputError) as refused:
        load_from_files({"scenario.yaml": text, "parts/app.yaml": APP})
    assert [problem.place.line for problem in refused.value.problems] == [3, 5, 6, 11]
    assert "x/q" in refused.value.problems[-1].message
