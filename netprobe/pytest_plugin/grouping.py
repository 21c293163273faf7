"""The scheduler of ``--dist loadgroup``, which keeps groups whole whatever the node ids look like."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler.loadgroup import LoadGroupScheduling

from netprobe.pytest_plugin.parallel import exchange_of


class WholeGroups(LoadGroupScheduling):  # type: ignore[misc]  # pytest-xdist is untyped
    """Reads groups from what the workers tell.

    pytest-xdist 3.8 writes them into the node ids, which does not take with pytest 9.2: there, tests
    of one group are scattered and nobody is told (pytest-xdist issue 1386).
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        self._groups: dict[str, str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        """Return the group of a test; schedulers are asked after all workers have collected."""
        if self._groups is None:
            exchange = exchange_of(self.config)
            self._groups = exchange.groups() if exchange is not None else {}
        return self._groups.get(nodeid) or super()._split_scope(nodeid)
