"""The pods of a run are harmless: Pod Security "restricted", one image, no account, not root.

The rules below are those of https://kubernetes.io/docs/concepts/security/pod-security-standards/,
written here once more so that neither netprobe nor the server under test judges itself.
"""

from __future__ import annotations

import pytest

from netprobe.errors import Refused

SAFE_SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}
VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def violations(spec):
    """What "restricted" (and with it "baseline") forbids in a pod's spec."""
    pod = spec.get("securityContext") or {}
    found = [key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    found += [
        f"sysctl {each['name']}" for each in pod.get("sysctls") or () if each["name"] not in SAFE_SYSCTLS
    ]
    found += [
        f"volume {each['name']}"
        for each in spec.get("volumes") or ()
        if not (each.keys() - {"name"}) <= VOLUMES
    ]
    containers = [
        each
        for kind in ("containers", "initContainers", "ephemeralContainers")
        for each in spec.get(kind) or ()
    ]
    for container in containers:
        found += [f"{container['name']}: {what}" for what in of_container(container, pod)]
    return found + ([] if pod.get("runAsUser") != 0 else ["runAsUser 0"])


def of_container(container, pod):
    own = container.get("securityContext") or {}
    capabilities = own.get("capabilities") or {}
    seccomp = (own.get("seccompProfile") or pod.get("seccompProfile") or {}).get("type")
    rules = {
        "privileged": own.get("privileged"),
        "allowPrivilegeEscalation": own.get("allowPrivilegeEscalation") is not False,
        "capabilities kept": "ALL" not in (capabilities.get("drop") or ()),
        "capabilities added": set(capabilities.get("add") or ()) - {"NET_BIND_SERVICE"},
        "may be root": own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True,
        "is root": own.get("runAsUser") == 0,
        "seccomp": seccomp not in {"RuntimeDefault", "Localhost"},
        "hostPort": any(port.get("hostPort") for port in container.get("ports") or ()),
        "procMount": own.get("procMount", "Default") != "Default",
    }
    return [what for what, broken in rules.items() if broken]


def test_pods_meet_restricted(deployed):
    """A cluster's admission may demand it, and a tester that needs more could not be trusted there."""
    bodies = deployed.bodies()
    assert len(bodies) >= 5  # two of web, a visitor, a control and a sentinel
    assert {body["metadata"]["name"]: violations(body["spec"]) for body in bodies} == {
        body["metadata"]["name"]: [] for body in bodies
    }


def test_pods_have_one_image_no_account_and_no_root(deployed, shell):
    """One image to mirror; no token that a hijacked pod could use; not root also as the kernel sees it."""
    images = set()
    for body in deployed.bodies():
        spec = body["spec"]
        images |= {container["image"] for container in spec["containers"]}
        assert spec["automountServiceAccountToken"] is False
        mounts = [each["mountPath"] for container in spec["containers"] for each in container["volumeMounts"]]
        assert not [path for path in mounts if "serviceaccount" in path]
    assert images == {deployed.site.options.image}
    assert shell("ls /var/run/secrets/kubernetes.io/serviceaccount 2>/dev/null | wc -l").strip() == "0"
    # The lab's user is one of a user namespace; id is what the program itself believes.
    assert shell("id -u").strip() == "65532"


def test_the_namespaces_enforce_restricted(cluster, deployed):
    """The server checks it too: what netprobe might get wrong one day does not get in."""
    names = deployed.site.namespaces
    bodies = [body for body in cluster.read(()).namespaces if body["metadata"]["name"] in names]
    levels = {body["metadata"]["labels"].get("pod-security.kubernetes.io/enforce") for body in bodies}
    assert levels == {"restricted"}


def test_a_privileged_pod_is_refused(cluster, deployed):
    """The label above is worth something only where admission acts on it."""
    body = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "privileged",
            "namespace": deployed.site.placement.placed("street"),
            "labels": dict(deployed.site.run_labels),
        },
        "spec": {
            "containers": [
                {
                    "name": "c",
                    "image": deployed.site.options.image,
                    "securityContext": {"privileged": True},
                }
            ]
        },
    }
    assert violations(body["spec"])
    with pytest.raises(Refused, match="PodSecurity") as caught:
        cluster.apply([body])
    assert caught.value.status == 403
