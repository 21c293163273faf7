"""Recipes by name or path, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from netprobe.cluster.providers.kind.recipe import RecipeFile
from netprobe.cluster.providers.kind.texts import unknown_variables
from netprobe.cluster.providers.kind.wish import is_path
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.document import Document
from netprobe.manifests.document import Path as Way
from netprobe.manifests.model_problems import problem_of
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Requires

FOLDER = Path(__file__).parent / "recipes"
"""The recipes that come with netprobe, one file each, called after them."""

_PURPOSES: Mapping[Way, str] = {
    ("recipe",): "write recipe: 1 at the top, the version of this format",
    ("name",): "it becomes part of the cluster's name",
    ("title",): "reports call the CNI so",
}


def built_in() -> tuple[str, ...]:
    """The names of the recipes that come with netprobe."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def find_recipe(word: str) -> tuple[RecipeFile, Path]:
    """The recipe of that name or path, and its folder; raises InputError, with places for a wrong file."""
    if is_path(word):
        path = Path(word).expanduser()
        return read_recipe(path), path.parent
    if word not in built_in():
        near = did_you_mean(word, built_in())
        raise InputError(
            f'netprobe has no recipe for the CNI "{word}" on kind' + (f"; {near}" if near else ""),
            remedy=f"there are: {', '.join(built_in())}; or give a recipe of yours, kind:./my-cni.yaml",
        )
    return read_recipe(FOLDER / f"{word}.yaml"), FOLDER


def read_recipe(path: Path) -> RecipeFile:
    """Read a recipe file; raises InputError with all problems and their places."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"the recipe {path} cannot be read: {words}") from error
    problems: list[Problem] = []
    documents = read_documents(text, str(path), problems)
    if not problems and len(documents) != 1:
        what = "holds more than one document" if documents else "is empty"
        message = f"a recipe is one document; this {what}"
        problems.append(Problem(place=Place(file=str(path)), message=message))
    found = _shape(documents[0], problems) if not problems else None
    if found is None or problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InputError(
            f"the recipe {path} cannot be used: {count}",
            problems=sorted(dict.fromkeys(problems), key=lambda problem: problem.place),
        )
    return found


def _shape(document: Document, problems: list[Problem]) -> RecipeFile | None:
    try:
        recipe = RecipeFile.model_validate(document.body)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems.extend(problem_of(detail, document, RecipeFile, _PURPOSES) for detail in details)
        return None
    for path, name, near in unknown_variables(document.body, [each.name for each in recipe.variables]):
        message = f"there is no variable ${{{name}}}"
        problems.append(Problem(place=document.places.of(path), message=message, hint=near))
    for word in recipe.lacks:
        if word not in set(Requires):
            place = document.places.of(("lacks", word), key=True)
            hint = did_you_mean(word, list(Requires)) or f"known are {', '.join(Requires)}"
            message = f'"{word}" is nothing that a scenario requires'
            problems.append(Problem(place=place, message=message, hint=hint))
    return recipe
