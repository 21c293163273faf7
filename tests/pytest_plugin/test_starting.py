from __future__ import annotations

LOADED = """
import sys
def test_loaded():
    print(*sorted(name for name in sys.modules if name.partition(".")[0] == "netprobe"))
"""


def test_a_start_that_uses_nothing_of_netprobe_loads_only_the_hooks(project):
    (project.path / "test_own.py").write_text(LOADED)
    project.scenario("elsewhere")
    result = project.run_apart("-s", "-q", "test_own.py")
    result.assert_outcomes(passed=1)
    assert result.outlines[0].removesuffix(".") == "netprobe netprobe.pytest_plugin"
