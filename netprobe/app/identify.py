"""Which CNI a cluster has, as far as its objects tell."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from netprobe.app.clusters import check_terms, open_cluster
from netprobe.app.late import load
from netprobe.app.node_look import look_on_nodes, with_differences, with_files
from netprobe.audit.nodes import choose_nodes
from netprobe.cluster.identity.identify import identify
from netprobe.cluster.identity.known.platforms import PLATFORMS
from netprobe.cluster.identity.known.registry import FINGERPRINTS
from netprobe.cluster.port import Signs, Terms
from netprobe.config.settings import Config
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.model.identification import Identification
from netprobe.report.identification.knowledge import render_knowledge
from netprobe.scenario.dressing import DEFAULT_IMAGE

FORMATS: Mapping[str, str] = {
    "text": "netprobe.report.identification.to_text:render",
    "json": "netprobe.report.identification.to_json:render",
}
"""Formats by name: what renders an identification."""

_MOST = 256 * 1024
"""Bytes of a file that is read as a CNI configuration; a real one has a few hundred."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identified:
    """An identification, and the cluster that it is of."""

    cluster: str
    identification: Identification


def identify_cluster(word: str, cni_config: Path | None = None, terms: Terms | None = None) -> Identified:
    """Look at the cluster that ``word`` names, and at the CNI files in a folder.

    Raises InputError (folder, cluster's name, terms), EnvironmentFailure when nothing could be seen.
    """
    terms = terms or Terms()
    check_terms(word, terms)
    files = None if cni_config is None else read_folder(cni_config)
    with closing(open_cluster(word, terms)) as cluster:
        title = cluster.description.title
        signs = replace(cluster.signs(), cni_files=files)
    return _identified(title, signs)


def identify_with_nodes(
    config: Config, most: int, cni_config: Path | None = None, terms: Terms | None = None
) -> Identified:
    """The same with a look at the CNI files of at most so many nodes, which starts a pod on each.

    Raises as ``identify_cluster`` does, and InputError when there is a folder of such files, too.
    """
    if cni_config is not None:
        raise InputError(
            "--cni-config and --look-on-nodes are two ways to the same files", remedy="use one of them"
        )
    terms = terms or Terms()
    check_terms(config.cluster, terms)
    with closing(open_cluster(config.cluster, terms)) as cluster:
        signs = cluster.signs()
        choice = choose_nodes(signs.nodes or (), tolerate=True, most=most)
        files = look_on_nodes(cluster, choice.nodes, config.image or DEFAULT_IMAGE)
        title = cluster.description.title
    identified = _identified(title, with_files(signs, files))
    return replace(identified, identification=with_differences(identified.identification, files))


def _identified(title: str, signs: Signs) -> Identified:
    seen = identify(signs)
    if not seen.found and signs.nodes is None and signs.daemon_sets is None:
        raise EnvironmentFailure(
            f"{title} did not let netprobe see anything of its CNI: {'; '.join(signs.unseen)}",
            remedy="Give your account the ClusterRole of docs/identification.md, or use --cni-config.",
        )
    return Identified(cluster=title, identification=seen)


def read_folder(folder: Path) -> Mapping[str, str]:
    """The files of a folder by name (those in it, none below). Raises InputError."""
    try:
        files = sorted(each for each in folder.iterdir() if each.is_file())
        return {each.name: _read(each) for each in files}
    except OSError as error:
        raise InputError(
            f"cannot read {folder}: {error.strerror or error}",
            remedy="copy /etc/cni/net.d of a node into a folder, and name that",
        ) from error


def render(identified: Identified, name: str, *, width: int, color: bool) -> str:
    """The identification in the format with this name."""
    function = load(FORMATS[name])
    of = (identified.identification, identified.cluster)
    text: str = function(*of) if name == "json" else function(*of, width=width, color=color)
    return text


def describe_knowledge() -> str:
    """What netprobe knows CNIs and platforms by, as Markdown."""
    return render_knowledge(PLATFORMS, FINGERPRINTS)


def _read(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.read(_MOST).decode("utf-8", "replace")
