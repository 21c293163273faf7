"""What reading the manifests has remarked, and annotations for the lint itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.sites import NOWHERE
from netprobe.lint.wording import object_text
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.inventory import ObjectKey, Remark, RemarkCode
from netprobe.model.lint import Fix, Severity


def host_bits(scene: Scene) -> Iterator[Found]:
    """A CIDR with bits beyond its prefix length.

    Kubernetes 1.36 refuses it in new NetworkPolicies, and every version masks it without a word before.
    """
    for remark in _remarks(scene, RemarkCode.CIDR_HOST_BITS):
        key = "cidr" if remark.problem.message.split(":")[0].endswith("cidr") else "except"
        network = remark.problem.hint.split('"')[1]
        corrected = to_yaml({key: network if key == "cidr" else [network]})
        fix = Fix(
            advice="write the network, or the single address with its full prefix length", yaml=corrected
        )
        yield replace(_found(scene, remark, remark.problem.message), fix=fix)


def unknown_field(scene: Scene) -> Iterator[Found]:
    """A field that the API does not have.

    Reference: API concepts, field validation: kubectl asks the server to refuse it (Strict); a client
    that does not has it dropped without a word.
    """
    for remark in _remarks(scene, RemarkCode.UNKNOWN_FIELD):
        advice = f"rename it ({remark.problem.hint})" if remark.problem.hint else "leave it out"
        yield replace(_found(scene, remark, remark.problem.message), fix=Fix(advice=advice))


def duplicate_object(scene: Scene) -> Iterator[Found]:
    """An object that the input declares twice; of those the last one counts, as with kubectl apply."""
    for remark in _remarks(scene, RemarkCode.DUPLICATE):
        fix = Fix(advice="keep one of the two, or give the other one a name of its own")
        yield replace(_found(scene, remark, remark.problem.message), fix=fix)


def _remarks(scene: Scene, code: RemarkCode) -> Iterator[Remark]:
    return (remark for remark in scene.inventory.remarks if remark.code is code)


def _found(scene: Scene, remark: Remark, message: str) -> Found:
    problem = remark.problem
    return Found(
        object=_object_at(scene, remark),
        place=problem.place,
        path=problem.message.partition(":")[0] if problem.message.startswith("spec") else "",
        message=message,
    )


def _object_at(scene: Scene, remark: Remark) -> ObjectKey:
    """The object that the remark names, or else the last one that begins before it in the file."""
    for key in scene.inventory.places:
        if remark.problem.message.startswith(f"{object_text(key)} is declared"):
            return key
    place = remark.problem.place
    before = [
        (begin, key)
        for key, begin in scene.inventory.places.items()
        if begin.file == place.file and begin <= place
    ]
    return max(before, default=(NOWHERE, ("Document", "", place.file)))[1]


RULES = (
    entry(
        host_bits,
        "cidr-host-bits",
        Severity.ERROR,
        "A CIDR with bits beyond its prefix length",
        "Kubernetes 1.36 refuses such a CIDR in new objects; older versions silently take the whole network "
        "that it lies in, which may be more than was meant.",
    ),
    entry(
        unknown_field,
        "unknown-field",
        Severity.ERROR,
        "A field that the API does not have",
        "kubectl refuses the object; a client that is not strict drops the field silently, and "
        "with it what it "
        "was to say.",
    ),
    entry(
        duplicate_object,
        "duplicate-object",
        Severity.WARNING,
        "An object that is declared twice",
        "Of two objects with one name the last one that is applied counts, and the other has no effect.",
    ),
)
