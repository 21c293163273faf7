"""The annotation that silences rules, where it names none."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from netprobe.lint.found import Found
from netprobe.lint.scene import Scene
from netprobe.lint.sites import NOWHERE
from netprobe.lint.yaml_text import to_yaml
from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.inventory.collecting import LINT_IGNORE
from netprobe.model.lint import Fix


def unknown_ignore(scene: Scene, known: Collection[str]) -> Iterator[Found]:
    """An annotation netprobe.io/lint-ignore with a rule that there is not."""
    for key, names in scene.inventory.lint_ignores.items():
        for name in sorted(set(names) - set(known)):
            question = did_you_mean(name, known)
            meant = sorted((set(names) & set(known)) | ({question.split('"')[1]} if question else set()))
            yield Found(
                object=key,
                place=scene.place(key) or NOWHERE,
                path=f"metadata.annotations[{LINT_IGNORE}]",
                message=f'{LINT_IGNORE} names "{name}", and there is no such rule'
                + (f"; {question}" if question else ""),
                fix=Fix(
                    advice="name rules that there are (netprobe lint --rules)",
                    yaml=to_yaml({"annotations": {LINT_IGNORE: ",".join(meant)}}) if meant else "",
                ),
            )
