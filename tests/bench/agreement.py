"""The oracle against a second engine on clusters drawn afresh: `python tests/bench/agreement.py [CLUSTERS]`.

Prints how many points were compared and how the differences are explained. Fails at the first cluster
with a difference that nothing explains, and shows the smallest such cluster.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from hypothesis import HealthCheck, given, settings
from tabulate import tabulate

from tests.oracle.agreement.compare import compare
from tests.oracle.drawn import clusters


def main(count: int) -> None:
    figures: Counter[str] = Counter()

    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(clusters(pods=5))
    def ask_both(cluster):
        points, differences = compare(cluster)
        assert [found for found in differences if not found.known] == []
        figures.update(["clusters"])
        figures["points"] += points
        figures.update(f"differ: {found.known}" for found in differences)

    begin = time.perf_counter()
    ask_both()
    print(tabulate(sorted(figures.items())))
    print(f"no unexplained difference, in {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
