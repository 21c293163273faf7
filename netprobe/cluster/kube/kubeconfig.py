"""Kubeconfig files, merged as kubectl does: the first file that sets something wins."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Places
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Place, Problem

_SECTIONS = {"contexts": "context", "clusters": "cluster", "users": "user"}
"""The lists of a kubeconfig, and the key of an entry under which its content stands."""

_FILES = {
    "clusters": ("certificate-authority",),
    "users": ("client-certificate", "client-key", "tokenFile"),
}
"""Keys that name files; a relative one counts from the folder of its kubeconfig."""

_REMEDY = "Check KUBECONFIG, or `kubectl config view`."


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A named context, cluster or user: what it holds, and where it stands."""

    body: Mapping[str, Any]
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A context with the cluster and the user that it names; ``user`` None: it names none."""

    name: str
    cluster: Entry
    user: Entry | None
    user_name: str = ""

    def as_data(self) -> dict[str, Any]:
        """A kubeconfig that holds this context alone."""
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": self.name,
            "contexts": [{"name": self.name, "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": dict(self.cluster.body)}],
            "users": [{"name": "u", "user": dict(self.user.body)}] if self.user is not None else [],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Kubeconfig:
    """What the files hold together; ``origin`` names them, ``current`` is "" without a current context."""

    origin: str
    current: str = ""
    contexts: Mapping[str, Entry] = field(default_factory=dict)
    clusters: Mapping[str, Entry] = field(default_factory=dict)
    users: Mapping[str, Entry] = field(default_factory=dict)

    def choose(self, name: str) -> Chosen:
        """The context of that name ("": the current one). Raises InputError with the nearest names."""
        wanted = name or self.current
        if wanted not in self.contexts:
            raise self._unknown(wanted)
        context = self.contexts[wanted]
        cluster, user = (str(context.body.get(key) or "") for key in ("cluster", "user"))
        problems = [
            Problem(place=context.place, message=f"{kind} {value!r} is not in {self.origin}", hint=hint)
            for kind, value, known in (("cluster", cluster, self.clusters), ("user", user, self.users))
            if value not in known and (value or kind == "cluster")
            for hint in [_near(value, known) or f"there are: {', '.join(known) or 'none'}"]
        ]
        if problems:
            raise _wrong(f"Context {wanted} cannot be used", problems)
        return Chosen(name=wanted, cluster=self.clusters[cluster], user=self.users.get(user), user_name=user)

    def _unknown(self, name: str) -> InputError:
        known = list(self.contexts)
        if not name:
            named = ", ".join(f"context:{each}" for each in known)
            return InputError(
                f"{self.origin} has no current context.",
                remedy=f"Name one: {named}." if named else "It has no context at all: check KUBECONFIG.",
            )
        near = _near(name, known)
        return InputError(
            f"{self.origin} has no context {name!r}.{f' {near}' if near else ''}",
            remedy=f"It has: {', '.join(known) or 'none'}.",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What one file holds."""

    current: str
    sections: Mapping[str, Mapping[str, Entry]]


def kubeconfig_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The files that kubectl would read: those that KUBECONFIG lists, else ``~/.kube/config``."""
    listed = environment.get("KUBECONFIG") or str(Path("~") / ".kube" / "config")
    paths = (Path(each).expanduser() for each in listed.split(os.pathsep) if each)
    return tuple(dict.fromkeys(paths))


def read_kubeconfig(files: Sequence[Path]) -> Kubeconfig:
    """Read the files that exist and merge them. Raises InputError, with every problem and its line."""
    present = [file for file in files if file.exists()]
    origin = os.pathsep.join(map(str, present or files))
    problems: list[Problem] = []
    parts = [
        _part(document, file.parent.absolute(), problems)
        for file in present
        for document in _documents(file, problems)[:1]
    ]
    if problems:
        raise _wrong("The kubeconfig cannot be read", problems)
    return _merged(origin, parts)


def kubeconfig_of(data: Mapping[str, Any], origin: str) -> Kubeconfig:
    """The same for a kubeconfig that is given as data. Raises InputError."""
    problems: list[Problem] = []
    part = _part(Document(body=dict(data), places=Places(file=origin)), Path.cwd(), problems)
    if problems:
        raise _wrong("This is no kubeconfig", problems)
    return _merged(origin, [part])


def _wrong(what: str, problems: Sequence[Problem]) -> InputError:
    """One problem stands in the sentence, several stand below it."""
    if len(problems) == 1:
        return InputError(f"{what}: {problems[0]}", remedy=_REMEDY)
    return InputError(f"{what}:", problems=problems, remedy=_REMEDY)


def _documents(file: Path, problems: list[Problem]) -> Sequence[Document]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        problems.append(Problem(place=Place(file=str(file)), message=f"cannot be read: {words or error}"))
        return ()
    return read_documents(text, str(file), problems)


def _merged(origin: str, parts: Sequence[_Part]) -> Kubeconfig:
    """The first part that has a name, or a current context, decides."""
    sections: dict[str, dict[str, Entry]] = {section: {} for section in _SECTIONS}
    for part in parts:
        for section, entries in part.sections.items():
            sections[section] = {**entries, **sections[section]}
    current = next((part.current for part in parts if part.current), "")
    return Kubeconfig(origin=origin, current=current, **sections)


def _part(document: Document, folder: Path, problems: list[Problem]) -> _Part:
    current = document.body.get("current-context")
    sections = {section: _entries(document, section, folder, problems) for section in _SECTIONS}
    return _Part(current=str(current or ""), sections=sections)


def _entries(document: Document, section: str, folder: Path, problems: list[Problem]) -> dict[str, Entry]:
    listed = document.body.get(section) or []
    if not isinstance(listed, list):
        place = document.places.of((section,))
        problems.append(Problem(place=place, message=f"{section} must be a list"))
        return {}
    found: dict[str, Entry] = {}
    for number, item in enumerate(listed):
        place = document.places.of((section, number))
        fault = _fault(item, section, found)
        if fault:
            problems.append(Problem(place=place, message=fault))
            continue
        body = item.get(_SECTIONS[section]) or {}
        found[str(item["name"])] = Entry(body=_with_paths(body, section, folder), place=place)
    return found


def _fault(item: object, section: str, found: Mapping[str, Entry]) -> str:
    """What is wrong with an entry, "" when nothing is."""
    key = _SECTIONS[section]
    if not isinstance(item, dict) or not item.get("name"):
        return f"an entry of {section} needs a name"
    if item["name"] in found:
        return f"{section} has the name {item['name']!r} twice"
    if not isinstance(item.get(key) or {}, dict):
        return f"{key} of {item['name']!r} must be a mapping"
    return ""


def _with_paths(body: Mapping[str, Any], section: str, folder: Path) -> dict[str, Any]:
    """The entry with its files as seen from anywhere, and the program of its plugin where it has a path."""
    read = dict(body)
    for key in _FILES.get(section, ()):
        if read.get(key):
            read[key] = str(folder / str(read[key]))
    plugin = read.get("exec")
    if isinstance(plugin, dict) and os.sep in str(plugin.get("command") or ""):
        read["exec"] = {**plugin, "command": str(folder / str(plugin["command"]))}
    return read


def _near(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else ""
