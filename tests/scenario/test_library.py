"""Built-in scenarios by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.errors import InputError
from netprobe.scenario.library import built_in, find_scenario, library_roots
from netprobe.scenario.load import load_scenario


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Path, Path]:
    for root, names in (("one", ["grid", "tiers"]), ("two", ["tiers", "zones"])):
        for name in names:
            (tmp_path / root / name).mkdir(parents=True)
            (tmp_path / root / name / "scenario.yaml").touch()
    (tmp_path / "one" / "README.md").touch()
    return tmp_path / "one", tmp_path / "two"


def test_an_earlier_root_hides_a_later_one(roots: tuple[Path, Path]) -> None:
    one, two = roots
    assert built_in(roots) == (one / "grid", one / "tiers", two / "zones")


def test_a_name_a_path_or_neither(roots: tuple[Path, Path], tmp_path: Path) -> None:
    assert find_scenario("tiers", roots) == roots[0] / "tiers"
    assert find_scenario(str(tmp_path), roots) == tmp_path
    with pytest.raises(InputError, match=r'no scenario "tier"; did you mean "tiers"\?') as caught:
        find_scenario("tier", roots)
    assert "grid, tiers, zones" in caught.value.remedy
    with pytest.raises(InputError, match=r"there is no \./tier"):
        find_scenario("./tier", roots)


def test_every_scenario_that_comes_with_netprobe_loads() -> None:
    folders = built_in(library_roots())
    assert "three-tier" in [folder.name for folder in folders]
    for folder in folders:
        scenario = load_scenario(folder)
        assert scenario.name == folder.name
        assert scenario.title
        assert scenario.features
