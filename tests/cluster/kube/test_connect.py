from __future__ import annotations

import json
import stat
import time

import pytest

from netprobe.cluster.kube.connect import connect, connect_to
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.errors import EnvironmentFailure, InputError, Refused


@pytest.fixture
def opened():
    """Connections that are closed after the test."""
    kept = []

    def keep(connection):
        kept.append(connection)
        return connection

    yield keep
    for connection in kept:
        connection.client.rest_client.close()


def kubeconfig(*names, current="", server="https://127.0.0.1:1", user=None):
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": current,
        "contexts": [{"name": name, "context": {"cluster": "c", "user": "u"}} for name in names],
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user or {"token": "t"}}],
    }


@pytest.fixture
def written(tmp_path):
    """Write kubeconfigs; the environment that lists them."""

    def write(*configs):
        files = []
        for number, config in enumerate(configs):
            path = tmp_path / f"config{number}"
            path.write_text(config if isinstance(config, str) else json.dumps(config))
            files.append(str(path))
        return {"KUBECONFIG": ":".join(files)}

    return write


def test_current_context(written, opened):
    connection = opened(connect(environment=written(kubeconfig("dev", "prod", current="prod"))))
    assert (connection.context, connection.server) == ("prod", "https://127.0.0.1:1")


def test_a_list_of_files_is_merged_and_missing_ones_are_passed_over(written, opened, tmp_path):
    environment = written(kubeconfig("dev", current="dev"), kubeconfig("prod"))
    environment["KUBECONFIG"] += f":{tmp_path / 'absent'}"
    assert opened(connect("prod", environment)).context == "prod"


def test_unknown_context_suggests_the_near_one(written):
    with pytest.raises(InputError, match=r"has no context 'kind-cii'\. Did you mean kind-ci") as caught:
        connect("kind-cii", written(kubeconfig("kind-ci", "prod")))
    assert caught.value.remedy == "It has: kind-ci, prod."


def test_no_current_context(written):
    with pytest.raises(InputError, match="has no current context") as caught:
        connect(environment=written(kubeconfig("dev")))
    assert "context:dev" in caught.value.remedy


def test_no_kubeconfig(tmp_path):
    with pytest.raises(InputError, match="does not exist") as caught:
        connect(environment={"KUBECONFIG": str(tmp_path / "absent")})
    assert "--cluster lab" in caught.value.remedy


@pytest.mark.parametrize(
    "text", ["", "just text", "[]", "{", "a: b: c", "apiVersion: v1\ncontexts: 7\n", "\x00"]
)
def test_a_file_that_is_no_kubeconfig(written, text):
    with pytest.raises(InputError):
        connect("dev", written(text))


def test_a_context_without_its_cluster(written):
    with pytest.raises(InputError, match="Context dev"):
        connect("dev", written({**kubeconfig("dev"), "clusters": []}))


@pytest.mark.parametrize(
    "user", [{"client-certificate": "/nowhere/cert", "client-key": "/nowhere/key"}, {"tokenFile": "/nowhere"}]
)
def test_credentials_in_files_that_are_missing(written, user):
    with pytest.raises(InputError, match="/nowhere"):
        connect("dev", written(kubeconfig("dev", user=user)))


def plugin(tmp_path, script):
    path = tmp_path / "plugin"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    command = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(path),
        "interactiveMode": "Never",
    }
    return {"exec": command}


def test_an_exec_plugin_gives_the_token(api, opened, tmp_path):
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": "from-plugin"},
    }
    user = plugin(tmp_path, f"echo '{json.dumps(credential)}'")
    server_version(Rest(opened(connect_to(api.kubeconfig(**user)))))
    assert api.tokens == ["Bearer from-plugin"]


@pytest.mark.parametrize("script", ["echo log in first >&2; exit 1", "echo '{'", "echo '{}'"])
def test_an_exec_plugin_that_fails_is_said_so_and_not_left_to_a_401(api, tmp_path, script, caplog):
    with pytest.raises(EnvironmentFailure, match="credentials of context here cannot be had") as caught:
        connect_to(api.kubeconfig(**plugin(tmp_path, script)))
    assert "log in first" in caught.value.message or "echo '{" in script
    assert caplog.records == []


def test_inside_a_pod_without_a_token(tmp_path):
    environment = {"KUBECONFIG": str(tmp_path / "absent"), "KUBERNETES_SERVICE_HOST": "10.96.0.1"}
    with pytest.raises(EnvironmentFailure, match="service account"):
        connect(environment=environment)


def test_talks_to_the_server_with_the_token(api, opened):
    assert server_version(Rest(opened(connect_to(api.kubeconfig())))) == "v1.36.2"
    assert api.tokens == ["Bearer secret"]


def test_no_proxy_stands_between_us_and_this_machine(api, opened, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert server_version(Rest(opened(connect_to(api.kubeconfig())))) == "v1.36.2"


def test_an_unreachable_server_is_said_at_once(opened):
    rest = Rest(opened(connect_to(kubeconfig("dev", current="dev"))))
    began = time.monotonic()
    with pytest.raises(EnvironmentFailure, match="cannot be reached: connection refused") as caught:
        server_version(rest)
    assert time.monotonic() - began < 2
    assert "kubectl --context dev version" in caught.value.remedy


def test_a_name_that_does_not_resolve(opened):
    rest = Rest(opened(connect_to(kubeconfig("dev", current="dev", server="https://no-such-host.invalid"))))
    with pytest.raises(EnvironmentFailure, match=r"no-such-host.invalid \(context dev\) cannot be reached"):
        server_version(rest)


def test_a_certificate_of_another_cluster(api, opened):
    other = api.kubeconfig()
    other["clusters"] = [{"name": "c", "cluster": {"server": api.url}}]
    with pytest.raises(EnvironmentFailure, match="certificate") as caught:
        server_version(Rest(opened(connect_to(other))))
    assert "certificate-authority-data" in caught.value.remedy


def test_verification_switched_off_is_quiet(api, opened):
    config = api.kubeconfig()
    config["clusters"] = [{"name": "c", "cluster": {"server": api.url, "insecure-skip-tls-verify": True}}]
    assert server_version(Rest(opened(connect_to(config)))) == "v1.36.2"


def test_an_expired_token(api, opened, failure):
    api.answer = lambda *_: failure(401, "Unauthorized", "Unauthorized")
    with pytest.raises(Refused, match="may have expired") as caught:
        server_version(Rest(opened(connect_to(api.kubeconfig()))))
    assert caught.value.status == 401
    assert "auth whoami" in caught.value.remedy


def test_a_server_that_is_no_api_server(api, opened):
    api.answer = lambda *_: (200, "<html>Welcome</html>")
    with pytest.raises(EnvironmentFailure, match="no Kubernetes API server: '<html>Welcome"):
        server_version(Rest(opened(connect_to(api.kubeconfig()))))
