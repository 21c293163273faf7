"""What the owner of a lab tells its process, and what the process tells the owner: JSON over descriptors."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass

from netprobe.errors import EnvironmentFailure, InputError, NetprobeError


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """A lab to start; the certificate and key are PEM texts, ``token`` the bearer token of its user."""

    profile: str
    identity: str
    nodes: tuple[str, ...]
    token: str
    authority: str
    certificate: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Descriptors:
    """The open descriptors that the process inherits, by number.

    ``listener`` is the API's socket, ``life`` ends the lab at its end of file, ``readiness`` takes
    one line, ``settings`` holds the Settings.
    """

    listener: int
    life: int
    readiness: int
    settings: int

    def as_arguments(self) -> tuple[str, ...]:
        """The descriptors as the process' command line."""
        return tuple(str(number) for number in (self.listener, self.life, self.readiness, self.settings))

    @classmethod
    def from_arguments(cls, arguments: list[str]) -> Descriptors:
        """Read a command line; raises InputError when it is not one of ours."""
        if len(arguments) != 4 or not all(each.isdecimal() for each in arguments):
            raise InputError(
                "this program is part of netprobe's lab and is not started by hand",
                remedy="run: netprobe run SCENARIO --cluster lab",
            )
        listener, life, readiness, settings = map(int, arguments)
        return cls(listener=listener, life=life, readiness=readiness, settings=settings)


def write_settings(settings: Settings) -> int:
    """A descriptor of an anonymous file in memory that holds the settings (they include the key)."""
    descriptor = memory_file("netprobe-lab-settings", json.dumps(asdict(settings)))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def read_settings(descriptor: int) -> Settings:
    """Read what ``write_settings`` wrote, and close the descriptor."""
    with os.fdopen(descriptor, encoding="utf-8") as file:
        fields = json.load(file)
    return Settings(**{**fields, "nodes": tuple(fields["nodes"])})


def memory_file(name: str, text: str) -> int:
    """A descriptor of an anonymous file in memory, positioned at its end."""
    descriptor = os.memfd_create(name)
    view = memoryview(text.encode())
    while view:
        view = view[os.write(descriptor, view) :]
    return descriptor


def ready_line() -> bytes:
    """What the process says when the cluster is ready."""
    return b'{"ready": true}\n'


def failure_line(failure: NetprobeError) -> bytes:
    """What the process says when it cannot start."""
    line = {
        "message": failure.message,
        "remedy": failure.remedy,
        "input": isinstance(failure, InputError),
    }
    return json.dumps(line).encode() + b"\n"


def hear(line: bytes) -> None:
    """Read what the process said: returns when it is ready, else raises its failure anew."""
    said = json.loads(line)
    if said.get("ready"):
        return
    kind = InputError if said["input"] else EnvironmentFailure
    raise kind(said["message"], remedy=said["remedy"])
