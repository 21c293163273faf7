from __future__ import annotations

import pytest

from netprobe.errors import InputError
from netprobe.manifests.load import load_inventory


@pytest.fixture
def load(tmp_path):
    """Write files below a folder, and load them (all of the folder, unless told otherwise)."""

    def from_files(files, *paths, stdin=None):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_inventory([str(tmp_path / path) for path in paths] or [str(tmp_path)], stdin=stdin)

    return from_files


@pytest.fixture
def complaints(load, tmp_path):
    """Load what cannot be loaded, and return the problems, or else the sentence, without the folder."""

    def from_files(files, *paths):
        with pytest.raises(InputError) as caught:
            load(files, *paths)
        found = [str(problem) for problem in caught.value.problems] or [str(caught.value)]
        return [text.replace(f"{tmp_path}/", "").replace(str(tmp_path), ".") for text in found]

    return from_files
