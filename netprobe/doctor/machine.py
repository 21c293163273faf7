"""All checks of this machine, for the embedded lab."""

from __future__ import annotations

from netprobe.doctor.about import About
from netprobe.lab.cluster.fitness import Fitness
from netprobe.model.checkup import Check

_PROGRAMS = About("programs", "programs")
_NAMESPACES = About("namespaces", "namespaces")
_KERNEL = About("kernel", "kernel")
_SCTP = About("sctp", "SCTP")
_LABS = About("labs", "labs")


def check_machine(fitness: Fitness) -> tuple[Check, ...]:
    """Judge what was seen."""
    return (_programs(fitness), _namespaces(fitness), _kernel(fitness), _sctp(fitness), _labs(fitness))


def _programs(fitness: Fitness) -> Check:
    missing = [name for name, path in fitness.programs.items() if not path]
    if missing:
        packages = " ".join(fitness.packages[name] for name in missing)
        return _PROGRAMS.failed(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed",
            f"Install the Debian or Ubuntu packages: apt-get install {packages}",
        )
    return _PROGRAMS.ok(f"{', '.join(fitness.programs)} are there")


def _namespaces(fitness: Fitness) -> Check:
    if fitness.refused:
        return _NAMESPACES.failed(fitness.refused, f"{fitness.remedy[:1].upper()}{fitness.remedy[1:]}")
    who = "as root" if fitness.root else "in a user namespace, without root"
    return _NAMESPACES.ok(f"a network of its own can be made {who}, without a way out")


def _kernel(fitness: Fitness) -> Check:
    if fitness.refused:
        return _KERNEL.unseen(f"{fitness.kernel}: without namespaces nothing can be tried")
    broken = [f"{name}: {why}" for name, why in fitness.features.items() if why and name != "sctp"]
    if broken:
        return _KERNEL.failed(
            f"{fitness.kernel} lacks what the lab's network is made of",
            "Load the modules (modprobe nf_tables nft_chain_nat veth bridge), or use another kernel.",
            broken,
        )
    works = ", ".join(name for name in fitness.features if name != "sctp")
    return _KERNEL.ok(f"{fitness.kernel}: {works} work")


def _sctp(fitness: Fitness) -> Check:
    """The kernel's part; the lab's pods have no program that dials SCTP, whatever the kernel has."""
    if fitness.refused:
        return _SCTP.unseen("without namespaces nothing can be tried")
    why = fitness.features.get("sctp", "")
    kernel = f"the kernel has none ({why})" if why else "the kernel has it"
    return _SCTP.ok(f"{kernel}; scenarios that require SCTP are skipped on the lab")


def _labs(fitness: Fitness) -> Check:
    if fitness.dead:
        return _LABS.warning(
            f"{len(fitness.dead)} whose process is gone: {', '.join(fitness.dead)}",
            "`netprobe lab status` sweeps what they left.",
        )
    running = f"running: {', '.join(fitness.running)} (netprobe lab down ends it)"
    return _LABS.ok(running if fitness.running else "none that netprobe lab up started")
