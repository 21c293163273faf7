"""Whether the cluster would admit netprobe's namespaces and pods, and what it would do to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from netprobe.cluster.kube.facts import Facts, Seen, Trial
from netprobe.doctor.about import About
from netprobe.doctor.webhooks import watching
from netprobe.model.checkup import Check

_POD_SECURITY = About("pod-security", "Pod Security")
_WEBHOOKS = About("webhooks", "webhooks")
_LIMITS = About("limits", "quotas")

_MANY = 2
"""Namespaces that must have a limit of one name, before it looks as if new ones got it, too."""

_SYSTEM = ("kube-", "openshift-")


def pod_security(facts: Facts) -> Check:
    """A dry run of a namespace that admits "restricted" pods only, and of a pod like netprobe's."""
    for trial, what in ((facts.trial_namespace, "a namespace"), (facts.trial_pod, "a pod")):
        if trial.value is not None and trial.value.refusal:
            return _refused(what, trial.value.refusal)
    unseen = [trial.why for trial in (facts.trial_namespace, facts.trial_pod) if trial.value is None]
    if unseen:
        return _POD_SECURITY.unseen(
            f"no dry run: {unseen[0]}",
            "`netprobe doctor --pull` tries it with a real pod in a namespace of its own.",
        )
    return _POD_SECURITY.ok('a dry run of a "restricted" namespace and of a pod was accepted')


def _refused(what: str, words: str) -> Check:
    """A refusal in ``default`` may be about that namespace; one for Pod Security is about the pod."""
    found = f"the server would refuse {what} of netprobe's (dry run): {words}"
    remedy = "Let what refuses it (a webhook, a policy, a quota) leave out namespaces np-*."
    if what == "a pod" and "violates PodSecurity" not in words:
        return _POD_SECURITY.warning(f"{found} (tried in the namespace default)", remedy)
    return _POD_SECURITY.failed(found, remedy)


def webhooks(facts: Facts, labels: Mapping[str, str]) -> Check:
    """Admission webhooks that see namespaces with these labels; what a dry run has passed is proven."""
    trial = facts.trial_pod.value
    if trial is not None and trial.added:
        return _WEBHOOKS.warning(
            f"pods get containers beside netprobe's ({', '.join(trial.added)}): packets may go through them",
            "Switch the injection off for namespaces np-*, or read the results as those of the mesh.",
        )
    if facts.webhooks.value is None:
        return _WEBHOOKS.unseen(facts.webhooks.why)
    seen = tuple(watching(facts.webhooks.value, labels))
    details = tuple(map(str, seen))
    if not seen:
        return _WEBHOOKS.ok("none looks at netprobe's objects")
    count = f"{len(seen)} look" if len(seen) > 1 else "1 looks"
    if _passed(facts.trial_namespace) and _passed(facts.trial_pod):
        return _WEBHOOKS.ok(f"{count} at netprobe's objects; a dry run passed", details=details)
    return _WEBHOOKS.warning(
        f"{count} at netprobe's objects, and no dry run showed that it passes",
        "Let it leave out namespaces np-* if a run is refused.",
        details,
    )


def limits(facts: Facts) -> Check:
    """ResourceQuotas and LimitRanges; one that many namespaces have is likely made for new ones, too."""
    unseen = [seen.why for seen in (facts.quotas, facts.limit_ranges) if seen.value is None]
    if unseen:
        return _LIMITS.unseen(unseen[0])
    bodies = [*(facts.quotas.value or ()), *(facts.limit_ranges.value or ())]
    details = tuple(_stamped(bodies))
    if details:
        return _LIMITS.warning(
            "many namespaces have the same one: what makes them may give it to netprobe's namespaces, too",
            "If a run is refused for a quota, leave out namespaces np-* there. Its pods ask for no CPU or"
            " memory; an audit has some fifty of them.",
            details,
        )
    return _LIMITS.ok("none that new namespaces seem to get")


def _stamped(bodies: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Names of one kind that at least some namespaces share, with an example's limits."""
    examples: dict[tuple[str, str], Mapping[str, Any]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for body in bodies:
        if str(body["metadata"].get("namespace", "")).startswith(_SYSTEM):
            continue
        key = (str(body.get("kind")), str(body["metadata"]["name"]))
        counts[key] += 1
        examples.setdefault(key, body)
    for (kind, name), count in sorted(counts.items()):
        if count >= _MANY:
            hard = (examples[kind, name].get("spec") or {}).get("hard") or {}
            words = ", ".join(f"{key} {value}" for key, value in sorted(hard.items()))
            yield f"{kind} {name} in {count} namespaces{f' ({words})' if words else ''}"


def _passed(trial: Seen[Trial]) -> bool:
    return trial.value is not None and not trial.value.refusal
