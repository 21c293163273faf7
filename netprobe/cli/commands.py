"""The commands of netprobe: a table of names, each loaded when it is used."""

from __future__ import annotations

from netprobe.cli.late import Table

COMMANDS: Table = {
    "run": ("netprobe.cli.run:run", "Run scenarios on a cluster and judge what the network does."),
    "check": ("netprobe.cli.check:check", "Find out whether a cluster enforces NetworkPolicies."),
    "compare": ("netprobe.cli.compare:compare", "Compare clusters, or saved runs: features across CNIs."),
    "judge": ("netprobe.cli.judge:judge", "Judge a recorded run again, without a cluster."),
    "identify": (
        "netprobe.cli.identify:identify",
        "Say which CNI a cluster seems to have: a hint, no proof.",
    ),
    "explain": ("netprobe.cli.explain:explain", "Say why a flow is allowed or denied, without a cluster."),
    "matrix": ("netprobe.cli.matrix:matrix", "Show who may reach whom, without a cluster."),
    "lint": ("netprobe.cli.lint:lint", "Find the pitfalls in NetworkPolicies, without a cluster."),
    "scenarios": ("netprobe.cli.scenarios.group:scenarios", "List, show and validate scenarios."),
    "schema": ("netprobe.cli.schema:schema", "Print the JSON Schema of a JSON report."),
    "lab": ("netprobe.cli.lab.group:lab", "Keep an embedded cluster running, to play and to run on."),
    "doctor": ("netprobe.cli.doctor:doctor", "Say whether netprobe would get an answer here, and why not."),
    "rbac": ("netprobe.cli.rbac:rbac", "Print the roles that netprobe needs on a cluster."),
    "clean": ("netprobe.cli.clean:clean", "Remove what expired runs and dead labs left behind."),
    "images": ("netprobe.cli.images:images", "List the container images that runs need."),
    "version": ("netprobe.cli.version:version", "Say which netprobe this is."),
}
