"""Loading a scenario: the folder's files to a Scenario, every problem of all files at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Places, Spot
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Place, Problem
from netprobe.model.protocol import Via
from netprobe.model.scenario import Scenario, Step, Workload
from netprobe.model.topology import ContainerPort, ExternalHost
from netprobe.scenario.actions import Actions
from netprobe.scenario.folder import DiskFolder, Folder, Reader, TextFolder
from netprobe.scenario.grid import grid_objects
from netprobe.scenario.intent_check import check_intent
from netprobe.scenario.intents import Intents
from netprobe.scenario.objects import read_stage
from netprobe.scenario.placement import FOREIGN
from netprobe.scenario.schema import ScenarioFile
from netprobe.scenario.shape import Shape, read_shape

FILE = "scenario.yaml"
"""The name of the file that makes a folder a scenario."""

_POPULATING = frozenset({"workloads", "grid", "external", "bystanders"})
"""The keys that decide which pods and hosts there are."""

_BARE_LINE = re.compile(r"\s*-\s+[*{].*(->|→)")


def load_scenario(path: Path) -> Scenario:
    """Load the scenario in a folder, or of the scenario.yaml itself.

    Raises InputError with all problems, each with its place; files are shown relative to the current
    directory when they lie below it.
    """
    folder = path.parent if path.name == FILE and not path.is_dir() else path
    if not folder.exists() or (folder is not path and not path.exists()):
        raise InputError(f"there is no {path}", remedy="give the folder of a scenario, or its scenario.yaml")
    if not folder.is_dir():
        raise InputError(
            f"{path} is not called {FILE}", remedy=f"give a folder that holds a {FILE}, or that file"
        )
    if not (folder / FILE).is_file():
        raise InputError(f"{path} holds no {FILE}", remedy="give the folder of a scenario")
    return _load(DiskFolder(folder))


def load_from_files(files: Mapping[str, str], origin: str = "") -> Scenario:
    """Load a scenario from texts by relative name, such as ``Scenario.files``.

    ``origin`` goes before the names in places. Raises InputError like ``load_scenario``.
    """
    if FILE not in files:
        raise InputError(f"{origin or 'these files'} hold no {FILE}")
    return _load(TextFolder(files, origin))


def _load(folder: Folder) -> Scenario:
    problems: list[Problem] = []
    reader = Reader(folder, problems)
    shown = folder.shown(FILE)
    source = reader.text(FILE, Place(file=shown)) or ""
    document = _only_document(source, shown, problems)
    shape = read_shape(document, problems) if document is not None else None
    scenario = None
    if document is not None and shape is not None:
        scenario = _build(shape, document, source, reader)
    if problems or scenario is None:
        raise _failure(shown, problems)
    return replace(scenario, files=dict(reader.used))


def _only_document(source: str, shown: str, problems: list[Problem]) -> Document | None:
    before = len(problems)
    documents = read_documents(source, shown, problems)
    problems[before:] = [_about_quotes(problem, source) for problem in problems[before:]]
    if len(problems) == before and not documents:
        problems.append(Problem(place=Place(file=shown), message="this file is empty"))
    if len(documents) > 1:
        message = "scenario.yaml holds one document, this is another one"
        problems.append(Problem(place=documents[1].place, message=message))
    return documents[0] if documents else None


def _about_quotes(problem: Problem, source: str) -> Problem:
    """Explain the commonest slip in intent lines: YAML has its own meaning for a leading ``*`` or ``{``."""
    rows = source.splitlines()
    row = rows[problem.place.line - 1] if 0 < problem.place.line <= len(rows) else ""
    if not _BARE_LINE.match(row):
        return problem
    line = row.strip().removeprefix("-").strip()
    return Problem(
        place=problem.place,
        message=f"a line that begins with {line[0]} must stand in quotes",
        hint=f'write - "{line}"',
    )


def _failure(shown: str, problems: list[Problem]) -> InputError:
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.place)
    count = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    return InputError(f"{shown} cannot be used: {count}", problems=ordered)


def _build(found: Shape, document: Document, source: str, reader: Reader) -> Scenario:
    problems = reader.problems
    # Intent lines are compared with pods only when the pods are right, or one slip would be told ten times.
    sound_shape = not found.wrong & _POPULATING
    shape = found.file
    if "via" in found.wrong:
        # Whatever was meant, no line should seem to match nothing because of it.
        shape = shape.model_copy(update={"via": list(Via)})
    before = len(problems)
    stage = read_stage(_documents(shape, document, reader), problems)
    externals = tuple(_externals(shape, document, problems))
    if not stage.workloads and len(problems) == before and sound_shape:
        message = "there is no workload: nothing can be probed"
        hint = "list manifests or write a grid"
        problems.append(
            Problem(place=document.places.of(("workloads",), key=True), message=message, hint=hint)
        )
    sound_stage = sound_shape and len(problems) == before
    intents = Intents(document, source, problems)
    scenario = Scenario(
        name=shape.name,
        title=shape.title,
        description=shape.description,
        features=frozenset(shape.features),
        requires=frozenset(shape.requires),
        namespaces=tuple(dict.fromkeys(stage.namespaces)),
        manifests=tuple(stage.manifests),
        workloads=tuple(stage.workloads),
        services=tuple(stage.services),
        externals=externals,
        bystanders=_bystanders(shape, dict.fromkeys(stage.namespaces)),
        via=tuple(dict.fromkeys(shape.via)),
        steps=_steps(shape, Actions(reader, document, stage), intents),
    )
    if sound_stage:
        for number, step in enumerate(scenario.steps):
            problems.extend(check_intent(scenario, step, intents.written[number]))
    return scenario


def _documents(shape: ScenarioFile, document: Document, reader: Reader) -> Iterator[Document]:
    """The objects of the files under ``workloads:``, then those of the grid."""
    for index, name in enumerate(shape.workloads):
        place = document.places.of(("workloads", index))
        if name in shape.workloads[:index]:
            reader.problems.append(Problem(place=place, message=f'"{name}" is listed twice'))
            continue
        text = reader.text(name, place)
        if text is not None:
            yield from read_documents(text, reader.folder.shown(name), reader.problems)
    if shape.grid is not None:
        place = document.places.of(("grid",), key=True)
        spot = Spot(line=place.line, column=place.column, key_line=place.line, key_column=place.column)
        services = any(via.is_by_service for via in shape.via)
        for body in grid_objects(shape.grid, services=services):
            yield Document(body=body, places=Places(file=place.file, root=spot))


def _externals(shape: ScenarioFile, document: Document, problems: list[Problem]) -> Iterator[ExternalHost]:
    for index, external in enumerate(shape.external):
        place = document.places.of(("external", index, "name"))
        if external.name in {other.name for other in shape.external[:index]}:
            problems.append(
                Problem(place=place, message=f'external host "{external.name}" is declared twice')
            )
        try:
            ip_address(external.address)
        except ValueError:
            place = document.places.of(("external", index, "address"))
            problems.append(Problem(place=place, message=f'"{external.address}" is not an IP address'))
        yield ExternalHost(
            name=external.name,
            address=external.address,
            ports=tuple(dict.fromkeys(external.ports)),
            protocol=external.protocol,
        )


def _bystanders(shape: ScenarioFile, declared: Iterable[str]) -> tuple[Workload, ...]:
    """Pods of others; a namespace that is called like one of the scenario's own is told from it."""
    own = frozenset(declared)
    return tuple(
        Workload(
            namespace=f"{each.namespace}{FOREIGN}" if each.namespace in own else each.namespace,
            name=each.name,
            kind="Pod",
            ports=tuple(ContainerPort(number=port.port, protocol=port.protocol) for port in each.ports),
        )
        for each in shape.bystanders
    )


def _steps(shape: ScenarioFile, actions: Actions, intents: Intents) -> tuple[Step, ...]:
    document = actions.document
    steps: list[Step] = []
    for number, step in enumerate(shape.steps):
        place = document.places.of(("steps", number, "name"))
        if any(step.name == other.name for other in steps):
            problem = Problem(place=place, message=f'a step named "{step.name}" is there already')
            actions.reader.problems.append(problem)
        steps.append(
            Step(
                name=step.name,
                actions=actions.of_step(step, number),
                intent=intents.of_step(step, number),
                place=place,
            )
        )
    return tuple(steps)
