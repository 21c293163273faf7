"""Images for the nodes: an archive of ``docker save``, or a list of images that Docker has here."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.providers.kind.programs import ProgramFailed, Programs
from netprobe.errors import EnvironmentFailure, InputError

_LOAD_SECONDS = 900.0
_LOOK_SECONDS = 30.0
_NODE_IMAGE = "kindest/node"


@dataclass(frozen=True, kw_only=True, slots=True)
class Supply:
    """Where images come from: an ``archive``, or ``images`` by name (neither: nowhere)."""

    archive: Path | None = None
    images: tuple[str, ...] = ()


def read_supply(file: str) -> Supply:
    """Look at the file of ``--images-from`` ("": none). Raises InputError for one that is neither."""
    if not file:
        return Supply()
    path = Path(file).expanduser()
    try:
        if tarfile.is_tarfile(path):
            return Supply(archive=path.resolve())
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "it is neither an archive nor text"
        raise InputError(
            f"--images-from {file} cannot be read: {words}",
            remedy="give an archive of `docker save`, or a list with one image a line (netprobe images)",
        ) from error
    images = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    strange = next((each for each in images if len(each.split()) != 1), None)
    if strange is not None or not images:
        what = f'"{strange}" is no image' if strange is not None else "it names no image"
        raise InputError(
            f"--images-from {file}: {what}",
            remedy="give an archive of `docker save`, or a list with one image a line (netprobe images)",
        )
    # The nodes are made of that one; they need not hold it.
    return Supply(images=tuple(dict.fromkeys(each for each in images if _NODE_IMAGE not in each)))


def check_supply(supply: Supply, programs: Programs) -> None:
    """Raise InputError with the images of the list that Docker does not have here."""
    lacking = [
        image
        for image in supply.images
        if programs.ask("docker", "image", "inspect", image, deadline=_LOOK_SECONDS).code != 0
    ]
    if lacking:
        raise InputError(
            f"Docker does not have {len(lacking)} of the images to load: {', '.join(lacking)}",
            remedy=f"docker pull {lacking[0]} (and the others), or give an archive of `docker save`",
        )


def load_images(supply: Supply, cluster: str, programs: Programs, tell: Callable[[str], None]) -> None:
    """Load the images into every node; raises EnvironmentFailure."""
    if supply.archive is not None:
        tell(f"loading the images of {supply.archive.name} into the nodes")
        argv = ["kind", "load", "image-archive", str(supply.archive)]
    elif supply.images:
        tell(f"loading {len(supply.images)} images into the nodes")
        argv = ["kind", "load", "docker-image", *supply.images]
    else:
        return
    try:
        programs.run(*argv, f"--name={cluster}", deadline=_LOAD_SECONDS)
    except ProgramFailed as failed:
        raise EnvironmentFailure(
            f"the images could not be loaded into {cluster}. {failed.message}",
            remedy="with Docker's containerd image store, save them for one platform: docker save --platform",
        ) from failed
