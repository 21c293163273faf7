"""Runs of whole scenarios on real packets.

They mostly wait for silence, so they wait together: what a module of this folder lists in ``STORIES``
begins before the first test of the folder, each story in a thread of its own, and tests ask ``told``
for the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

LONGEST = 150.0
"""Seconds after which a story counts as stuck; all together they take about 50."""


@pytest.fixture(scope="session", autouse=True)
def stories(request, tmp_path_factory) -> Iterator[Mapping[tuple[str, str], Future[object]]]:
    """The stories of the modules that are tested, by module and name; each has a folder of its own."""
    modules = {item.module.__name__: item.module for item in request.session.items if hasattr(item, "module")}
    wanted = {
        (module, name): story
        for module, content in modules.items()
        for name, story in getattr(content, "STORIES", {}).items()
    }
    if not wanted:
        yield {}
        return
    pool = ThreadPoolExecutor(len(wanted))
    futures = {key: pool.submit(story, tmp_path_factory.mktemp(key[1])) for key, story in wanted.items()}
    pool.shutdown(wait=False)  # its threads end with the stories: other tests fork, and want none
    yield futures
    wait(futures.values(), timeout=LONGEST)


@pytest.fixture
def told(request, stories):
    """Return a function from the name of a story of this module to its outcome."""
    return lambda name: stories[request.module.__name__, name].result(timeout=LONGEST)
