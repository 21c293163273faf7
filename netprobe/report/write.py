"""Report files, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from netprobe.errors import InputError

_REMEDY = "name a file in a folder that exists and that you may write to"


def check_writable(path: Path) -> None:
    """Raise InputError when ``path`` certainly cannot be written, before a run is spent on it."""
    folder = path.parent
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder", remedy="name a file in it")
    if not folder.is_dir():
        raise InputError(f"cannot write {path}: there is no folder {folder}", remedy=_REMEDY)
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"cannot write {path}: permission denied", remedy=_REMEDY)
    if _is_replaced(path) and not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"cannot write {path}: the folder {folder} is not writable", remedy=_REMEDY)


def write_report(path: Path, text: str) -> None:
    """Write ``text`` (UTF-8) to ``path`` through a temporary file beside it and a rename.

    A reader never sees half a report, and an old one survives a failure. What is no ordinary file
    (a pipe, ``/dev/null``) is written to, never replaced. Raises InputError when that fails.
    """
    check_writable(path)
    try:
        if _is_replaced(path):
            _replace(path.resolve(), text)
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}", remedy=_REMEDY) from error


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _is_replaced(path: Path) -> bool:
    return path.is_file() or not path.exists()
