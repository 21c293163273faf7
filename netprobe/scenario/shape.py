"""Reading ``scenario.yaml`` into its shape: pydantic's complaints in plain words, at their places.

A file with mistakes is read as far as it makes sense without them, so that the loader can report
the mistakes of the other files as well.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from netprobe.manifests.document import Document, Path
from netprobe.manifests.model_problems import path_of, problem_of
from netprobe.model.place import Problem
from netprobe.scenario.schema import ScenarioFile

_PLACEHOLDERS: dict[str, Any] = {"netprobe": 1, "name": "unnamed"}
"""What stands in for a required key that is wrong, so that the rest can be read."""

_PURPOSES: Mapping[Path, str] = {("netprobe",): "write netprobe: 1 at the top, the version of this format"}
"""What a missing key is for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What could be read of the file; ``wrong`` are the top-level keys under which something was not."""

    file: ScenarioFile
    wrong: frozenset[str] = frozenset()


def read_shape(document: Document, problems: list[Problem]) -> Shape | None:
    """The document's shape; what is wrong goes to ``problems``. None when too little is left."""
    body = copy.deepcopy(document.body)
    wrong: set[str] = set()
    for attempt in range(3):
        try:
            return Shape(file=ScenarioFile.model_validate(body), wrong=frozenset(wrong))
        except ValidationError as error:
            details = error.errors(include_url=False)
            if attempt == 0:
                problems.extend(problem_of(detail, document, ScenarioFile, _PURPOSES) for detail in details)
            wrong.update(str(path_of(detail)[0]) for detail in details if path_of(detail))
            for detail in reversed(details):
                _mend(body, path_of(detail))
    return None


def _mend(body: Any, path: Path) -> None:
    """Take the wrong value out, or put a placeholder where something is required."""
    *way, last = path
    for part in way:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(body, dict) and last in _PLACEHOLDERS:
        body[last] = _PLACEHOLDERS[str(last)]
    elif isinstance(body, dict):
        body.pop(last, None)
    elif isinstance(body, list) and isinstance(last, int) and last < len(body):
        del body[last]
