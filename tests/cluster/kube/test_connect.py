from __future__ import annotations

import base64
import datetime as dt
import json
import re
import ssl
import stat
import time

import pytest

from netprobe.cluster.kube.connect import connect, connect_to
from netprobe.cluster.kube.credentials import token_expiry
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest, unreachable
from netprobe.errors import EnvironmentFailure, InputError, Refused
from netprobe.lab.cluster.certificates import make_certificates


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


def test_the_first_file_wins_as_with_kubectl(written, opened, tmp_path):
    one = kubeconfig("dev", current="dev", server="https://127.0.0.1:1")
    two = kubeconfig("dev", "prod", current="prod", server="https://127.0.0.1:2")
    connection = opened(connect(environment=written(one, two)))
    assert (connection.context, connection.server) == ("dev", "https://127.0.0.1:1")


def test_files_in_a_kubeconfig_count_from_its_folder(written, opened, tmp_path, monkeypatch):
    environment = written(kubeconfig("dev", current="dev", user={"tokenFile": "secret/token"}))
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "token").write_text("from-file")
    monkeypatch.chdir("/")
    configuration = opened(connect(environment=environment)).client.configuration
    assert configuration.api_key["BearerToken"] == "Bearer from-file"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contexts:\n- name: dev\n  context: [a]\n", r"config0:2:3: context of 'dev' must be a mapping"),
        ("contexts: 7\n", r"config0:1:11: contexts must be a list"),
        ("users:\n- user: {}\n", r"config0:2:3: an entry of users needs a name"),
        ("users:\n- name: a\n- name: a\n", r"config0:3:3: users has the name 'a' twice"),
        ("contexts:\n  - [\n", r"config0:3"),
        ("just text", r"config0:1:1: this document is a single value"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(written, text, message):
    with pytest.raises(InputError, match=message) as caught:
        connect("dev", written(text))
    assert "kubectl config view" in caught.value.remedy


def test_all_that_is_wrong_is_said_at_once(written):
    with pytest.raises(InputError) as caught:
        connect("dev", written("contexts: 7\nusers: {}\nclusters: x\n"))
    assert [problem.place.line for problem in caught.value.problems] == [1, 3]


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match=rf"{tmp_path}: cannot be read: Is a directory"):
        connect("dev", {"KUBECONFIG": str(tmp_path)})
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="binary: cannot be read: it is not text"):
        connect("dev", {"KUBECONFIG": str(tmp_path / "binary")})


def test_a_context_that_names_a_cluster_that_is_not_there(written):
    config = kubeconfig("dev")
    config["clusters"][0]["name"] = "c1"
    with pytest.raises(InputError, match=r"config0:\d+:\d+: cluster 'c' is not in .*; Did you mean c1\?"):
        connect("dev", written(config))


def test_a_plugin_that_is_not_installed_is_said_before_it_is_run(written):
    exec_ = {"command": "no-such-plugin", "apiVersion": "client.authentication.k8s.io/v1"}
    with pytest.raises(
        InputError, match=r"config0:1:\d+: user u: .* no-such-plugin is not installed"
    ) as caught:
        connect("dev", written(kubeconfig("dev", user={"exec": exec_})))
    assert caught.value.remedy == "Install no-such-plugin, or put it on the PATH."
    exec_["installHint"] = "Get it from\n  the vendor."
    with pytest.raises(InputError) as caught:
        connect("dev", written(kubeconfig("dev", user={"exec": exec_})))
    assert caught.value.remedy == "Get it from the vendor."


@pytest.mark.parametrize(
    ("user", "message"),
    [
        ({"exec": {"command": "sh", "apiVersion": "client.authentication.k8s.io/v1alpha1"}}, "v1alpha1"),
        ({"exec": {"apiVersion": "client.authentication.k8s.io/v1"}}, "names no command"),
        ({"auth-provider": {"name": "gcp"}}, "auth-provider gcp, which Kubernetes no longer has"),
        ({"token": "t", "as": "admin"}, "acts as somebody else"),
    ],
)
def test_ways_to_log_in_that_cannot_work(written, user, message):
    with pytest.raises(InputError, match=message) as caught:
        connect("dev", written(kubeconfig("dev", user=user)))
    assert caught.value.remedy


def test_a_plugin_that_wants_a_terminal(written, monkeypatch):
    monkeypatch.setattr("netprobe.cluster.kube.plugins._has_terminal", lambda: False)
    exec_ = {
        "command": "sh",
        "apiVersion": "client.authentication.k8s.io/v1",
        "interactiveMode": "Always",
    }
    with pytest.raises(InputError, match="wants a terminal"):
        connect("dev", written(kubeconfig("dev", user={"exec": exec_})))


def test_a_plugin_beside_its_kubeconfig(written, opened, tmp_path, monkeypatch):
    user = plugin(
        tmp_path,
        """echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": {"token": "t", "expirationTimestamp": "2024-03-01T00:00:00Z"}}'""",
    )
    user["exec"]["command"] = "./plugin"
    environment = written(kubeconfig("dev", current="dev", user=user))
    monkeypatch.chdir("/")
    connection = opened(connect(environment=environment))
    assert re.fullmatch(
        r"what the credential plugin \S+/plugin gave of user u \(\S+/config0:1:\d+\)"
        r" expired on 2024-03-01 00:00 UTC",
        connection.credentials.expired(),
    )


def jwt(**claims):
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.c2ln"


def test_an_expired_token_is_said_to_be_the_reason(api, opened, failure):
    api.answer = lambda *_: failure(401, "Unauthorized", "Unauthorized")
    connection = opened(connect_to(api.kubeconfig(token=jwt(exp=1_700_000_000))))
    with pytest.raises(Refused, match=r"the token of user u .* expired on 2023-11-14 22:13 UTC") as caught:
        server_version(Rest(connection))
    assert caught.value.remedy.startswith("Get a new token, ")


@pytest.mark.parametrize("token", ["secret", "a.b.c", jwt(), jwt(exp="soon"), jwt(exp=10**30), "..", "a.é.c"])
def test_tokens_that_tell_no_expiry(token):
    assert token_expiry(token) is None


def test_an_expired_client_certificate_is_said_to_be_the_reason(api, opened, failure, tmp_path):
    long_ago = make_certificates(dt.datetime(2001, 1, 1, tzinfo=dt.UTC))
    (tmp_path / "cert").write_text(long_ago.server)
    (tmp_path / "key").write_text(long_ago.server_key)
    user = {"client-certificate": str(tmp_path / "cert"), "client-key": str(tmp_path / "key")}
    api.answer = lambda *_: failure(401, "Unauthorized", "Unauthorized")
    connection = opened(connect_to(api.kubeconfig(**user)))
    with pytest.raises(Refused, match=r"the client certificate of user u .* expired on 200") as caught:
        server_version(Rest(connection))
    assert "Get a new client certificate" in caught.value.remedy


def test_an_expired_certificate_of_the_server(opened):
    connection = opened(connect_to(kubeconfig("dev", current="dev")))
    expired = ssl.SSLCertVerificationError(1, "verify failed")
    expired.verify_message = "certificate has expired"
    said = unreachable(connection, expired)
    assert "its certificate is not trusted (certificate has expired)" in said.message
    assert said.remedy.startswith("Renew the API server's certificate")


@pytest.fixture
def account(api, tmp_path):
    """The folder of a pod's service account, for the server."""
    (tmp_path / "token").write_text(jwt(exp=1_700_000_000))
    (tmp_path / "ca.crt").write_text(api.authority)
    return tmp_path


def pod_environment(api, tmp_path, **more):
    host, port = api.url.removeprefix("https://").split(":")
    absent = str(tmp_path / "absent")
    return {"KUBECONFIG": absent, "KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port, **more}


@pytest.mark.parametrize("context", ["", "in-cluster"])
def test_the_account_of_the_pod(api, opened, account, context):
    connection = opened(connect(context, pod_environment(api, account), account))
    assert server_version(Rest(connection)) == "v1.36.2"
    assert api.tokens == [f"bearer {jwt(exp=1_700_000_000)}"]
    assert connection.context == "in-cluster"
    assert "service account's token" in connection.credentials.expired()


def test_the_account_of_the_pod_beside_a_kubeconfig(api, opened, account, written):
    environment = pod_environment(api, account) | written(kubeconfig("dev", current="dev"))
    assert opened(connect("", environment, account)).context == "dev"
    assert opened(connect("in-cluster", environment, account)).context == "in-cluster"
    environment |= written(kubeconfig("in-cluster"))
    assert opened(connect("in-cluster", environment, account)).server == "https://127.0.0.1:1"


def test_in_cluster_outside_of_a_pod(tmp_path):
    with pytest.raises(InputError, match="KUBERNETES_SERVICE_HOST is not set"):
        connect("in-cluster", {"KUBECONFIG": str(tmp_path / "absent")})


def test_a_named_context_in_a_pod_without_kubeconfig(api, account):
    with pytest.raises(InputError, match="There is no kubeconfig") as caught:
        connect("prod", pod_environment(api, account), account)
    assert "context:in-cluster" in caught.value.remedy
