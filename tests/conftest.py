"""How the tests run: without stopwatches, and who shares a process when there are several."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
LABS = ("acceptance", "contract")
"""Folders in which everything uses a lab."""
LONGEST = 90
"""Seconds after which a test counts as stuck. Told here and not in pyproject.toml, since scenarios of this
checkout are tests, too, also where pytest-timeout is not installed."""

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # how long an example takes is a matter of benches, and of who else computes


@pytest.hookimpl(trylast=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """End tests that are stuck. Keep the tests of a file on one worker of pytest-xdist, all of labs on one.

    Labs mostly wait: one at a time measures in quiet while the other worker computes.
    """
    if not item.path.is_relative_to(TESTS):
        return
    if not item.get_closest_marker("timeout"):
        item.add_marker(pytest.mark.timeout(LONGEST))
    if item.get_closest_marker("xdist_group"):
        return
    file = item.path.relative_to(TESTS)
    on_lab = file.parts[0] in LABS or item.get_closest_marker("lab")
    item.add_marker(pytest.mark.xdist_group("labs" if on_lab else str(file)))
