"""How a running lab is reached: its kubeconfig, and the one request that is no Kubernetes."""

from __future__ import annotations

import base64
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from netprobe.errors import EnvironmentFailure, InputError, Refused

EXTERNALS_PATH = "/netprobe/externals"
DEFAULT_NAME = "lab"
_CONTEXT = "netprobe-lab"
_REQUEST_SECONDS = 30.0
_ANSWER_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """A lab as its users need it: the API's URL, a bearer token, the PEM of its authority, its name."""

    server: str
    token: str
    authority: str
    name: str = DEFAULT_NAME

    @property
    def context(self) -> str:
        """The kubeconfig context: ``netprobe-lab``, and ``netprobe-lab-NAME`` for a lab of another name."""
        return _CONTEXT if self.name == DEFAULT_NAME else f"{_CONTEXT}-{self.name}"

    def kubeconfig(self) -> str:
        """A kubeconfig for the lab (JSON, which is YAML too). It lets its reader exec: keep it private."""
        cluster = {
            "server": self.server,
            "certificate-authority-data": base64.b64encode(self.authority.encode()).decode(),
        }
        context = self.context
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "clusters": [{"name": context, "cluster": cluster}],
            "users": [{"name": context, "user": {"token": self.token}}],
            "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
        }
        return json.dumps(config, indent=2) + "\n"

    def write_kubeconfig(self, path: Path) -> None:
        """Write the kubeconfig, readable by its owner only.

        Only the kubeconfig of an earlier lab is overwritten. Raises InputError for any other file
        that is there already, and when the path cannot be written.
        """
        refuse_foreign(path)
        try:
            path.unlink(missing_ok=True)  # not rewritten: its mode might let others read
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(self.kubeconfig())
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error

    def answers(self) -> bool:
        """Whether the API answers within some seconds."""
        try:
            with _opener(self.authority).open(f"{self.server}/readyz", timeout=_ANSWER_SECONDS) as response:
                return bool(response.status == HTTPStatus.OK)
        except urllib.error.HTTPError as error:
            error.close()
            return True  # it speaks, whatever it says
        except OSError:
            return False

    def provide_externals(self, hosts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Make hosts ``{name, address, ports}`` outside of the cluster; name → ``{address, ports}``.

        Raises Refused with the lab's words, or EnvironmentFailure when it does not answer.
        """
        request = urllib.request.Request(  # noqa: S310 - https by construction
            self.server + EXTERNALS_PATH,
            data=json.dumps(list(hosts)).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with _opener(self.authority).open(request, timeout=_REQUEST_SECONDS) as response:
                made: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                status = json.load(error)
            raise Refused(status["message"], status=error.code, reason=status["reason"]) from None
        except OSError as error:
            raise EnvironmentFailure(f"the lab does not answer: {error}") from error
        return made


def refuse_foreign(path: Path) -> None:
    """Raise InputError when ``path`` is there and is not what ``write_kubeconfig`` has written."""
    try:
        present = json.loads(path.read_text(encoding="utf-8"))
        names = [each["name"] for each in present["contexts"]]
    except FileNotFoundError:
        return
    except (OSError, ValueError, LookupError, TypeError):
        names = []
    # All of them: a lab's context may have been merged into a kubeconfig that holds others' too.
    if not names or not all(str(name).startswith(_CONTEXT) for name in names):
        raise InputError(
            f"{path} exists and is no kubeconfig of a lab", remedy="name another file for the kubeconfig"
        )


def _opener(authority: str) -> urllib.request.OpenerDirector:
    """HTTPS to the lab only: its authority is trusted, and no proxy stands between."""
    context = ssl.create_default_context(cadata=authority)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
