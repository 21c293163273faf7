"""The shape of every kind that the lab serves, field by field as the API reference lists them.

Parts that the lab neither reads nor checks are kept as they come (``ANYTHING``).
"""

from __future__ import annotations

from netprobe.lab.api.shapes import (
    ANYTHING,
    BOOLEAN,
    INT_OR_STRING,
    INTEGER,
    LONG,
    STRING,
    ListOf,
    MapOf,
    Shape,
    Struct,
)


def _fields(shape: Shape, names: str) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), shape)


OBJECT_META = Struct(
    "ObjectMeta",
    _fields(
        STRING, "name generateName namespace selfLink uid resourceVersion creationTimestamp deletionTimestamp"
    )
    | _fields(LONG, "generation deletionGracePeriodSeconds")
    | _fields(MapOf(STRING), "labels annotations")
    | _fields(ANYTHING, "ownerReferences managedFields")
    | {"finalizers": ListOf(STRING)},
)
LABEL_SELECTOR = Struct(
    "LabelSelector",
    {
        "matchLabels": MapOf(STRING),
        "matchExpressions": ListOf(
            Struct("LabelSelectorRequirement", {"key": STRING, "operator": STRING, "values": ListOf(STRING)})
        ),
    },
)

_POLICY_PORTS = ListOf(
    Struct("NetworkPolicyPort", {"protocol": STRING, "port": INT_OR_STRING, "endPort": INTEGER})
)
_POLICY_PEERS = ListOf(
    Struct(
        "NetworkPolicyPeer",
        {
            "podSelector": LABEL_SELECTOR,
            "namespaceSelector": LABEL_SELECTOR,
            "ipBlock": Struct("IPBlock", {"cidr": STRING, "except": ListOf(STRING)}),
        },
    )
)
NETWORK_POLICY_SPEC = Struct(
    "NetworkPolicySpec",
    {
        "podSelector": LABEL_SELECTOR,
        "ingress": ListOf(
            Struct("NetworkPolicyIngressRule", {"ports": _POLICY_PORTS, "from": _POLICY_PEERS})
        ),
        "egress": ListOf(Struct("NetworkPolicyEgressRule", {"ports": _POLICY_PORTS, "to": _POLICY_PEERS})),
        "policyTypes": ListOf(STRING),
    },
    required=("podSelector",),
)

_SERVICE_PORT = Struct(
    "ServicePort",
    _fields(STRING, "name protocol appProtocol")
    | _fields(INTEGER, "port nodePort")
    | {"targetPort": INT_OR_STRING},
)
SERVICE_SPEC = Struct(
    "ServiceSpec",
    _fields(
        STRING,
        "clusterIP type sessionAffinity loadBalancerIP externalName externalTrafficPolicy ipFamilyPolicy "
        "loadBalancerClass internalTrafficPolicy trafficDistribution",
    )
    | _fields(ListOf(STRING), "clusterIPs externalIPs loadBalancerSourceRanges ipFamilies")
    | _fields(BOOLEAN, "publishNotReadyAddresses allocateLoadBalancerNodePorts")
    | _fields(ANYTHING, "sessionAffinityConfig")
    | _fields(MapOf(STRING), "selector")
    | _fields(INTEGER, "healthCheckNodePort")
    | {"ports": ListOf(_SERVICE_PORT)},
)

CONTAINER = Struct(
    "Container",
    _fields(
        STRING,
        "name image workingDir terminationMessagePath terminationMessagePolicy imagePullPolicy restartPolicy",
    )
    | _fields(ListOf(STRING), "command args")
    | _fields(BOOLEAN, "stdin stdinOnce tty")
    | _fields(
        ANYTHING,
        "envFrom resources resizePolicy restartPolicyRules volumeMounts volumeDevices livenessProbe "
        "readinessProbe startupProbe lifecycle securityContext",
    )
    | {
        "env": ListOf(Struct("EnvVar", {"name": STRING, "value": STRING, "valueFrom": ANYTHING})),
        "ports": ListOf(
            Struct(
                "ContainerPort",
                _fields(STRING, "name protocol hostIP") | _fields(INTEGER, "containerPort hostPort"),
            )
        ),
    },
)
POD_SPEC = Struct(
    "PodSpec",
    _fields(ListOf(CONTAINER), "containers initContainers")
    | _fields(
        ANYTHING,
        "volumes ephemeralContainers securityContext imagePullSecrets affinity tolerations hostAliases "
        "dnsConfig readinessGates overhead topologySpreadConstraints os schedulingGates resourceClaims "
        "resources workloadRef schedulingGroup",
    )
    | _fields(
        STRING,
        "restartPolicy dnsPolicy serviceAccountName serviceAccount nodeName hostname hostnameOverride "
        "subdomain schedulerName priorityClassName runtimeClassName preemptionPolicy",
    )
    | _fields(
        BOOLEAN,
        "automountServiceAccountToken hostNetwork hostPID hostIPC hostUsers shareProcessNamespace "
        "setHostnameAsFQDN enableServiceLinks",
    )
    | _fields(LONG, "terminationGracePeriodSeconds activeDeadlineSeconds")
    | {"priority": INTEGER, "nodeSelector": MapOf(STRING)},
)
POD_TEMPLATE = Struct("PodTemplateSpec", {"metadata": OBJECT_META, "spec": POD_SPEC})

DEPLOYMENT_SPEC = Struct(
    "DeploymentSpec",
    _fields(INTEGER, "replicas minReadySeconds revisionHistoryLimit progressDeadlineSeconds")
    | {"selector": LABEL_SELECTOR, "template": POD_TEMPLATE, "strategy": ANYTHING, "paused": BOOLEAN},
)
REPLICA_SET_SPEC = Struct(
    "ReplicaSetSpec",
    _fields(INTEGER, "replicas minReadySeconds") | {"selector": LABEL_SELECTOR, "template": POD_TEMPLATE},
)
DAEMON_SET_SPEC = Struct(
    "DaemonSetSpec",
    _fields(INTEGER, "minReadySeconds revisionHistoryLimit")
    | {"selector": LABEL_SELECTOR, "template": POD_TEMPLATE, "updateStrategy": ANYTHING},
)


def _kind(name: str, **fields: Shape) -> Struct:
    head: dict[str, Shape] = {"kind": STRING, "apiVersion": STRING, "metadata": OBJECT_META}
    return Struct(name, head | fields, required=("metadata",))


def _spec_required(struct: Struct) -> Struct:
    return Struct(struct.go_type, struct.fields, required=("metadata", "spec"))


SHAPES: dict[str, Struct] = {
    "configmaps": _kind("ConfigMap", data=MapOf(STRING), binaryData=MapOf(STRING), immutable=BOOLEAN),
    "customresourcedefinitions": _kind("CustomResourceDefinition", spec=ANYTHING, status=ANYTHING),
    "daemonsets": _spec_required(_kind("DaemonSet", spec=DAEMON_SET_SPEC, status=ANYTHING)),
    "deployments": _spec_required(_kind("Deployment", spec=DEPLOYMENT_SPEC, status=ANYTHING)),
    "endpointslices": _kind(
        "EndpointSlice", addressType=STRING, endpoints=ListOf(ANYTHING), ports=ListOf(ANYTHING)
    ),
    "events": _kind(
        "Event",
        **_fields(STRING, "reason message type action reportingComponent reportingInstance"),
        **_fields(
            ANYTHING, "involvedObject source firstTimestamp lastTimestamp eventTime series related count"
        ),
    ),
    "namespaces": _kind(
        "Namespace", spec=Struct("NamespaceSpec", {"finalizers": ListOf(STRING)}), status=ANYTHING
    ),
    "networkpolicies": _kind("NetworkPolicy", spec=NETWORK_POLICY_SPEC, status=ANYTHING),
    "nodes": _kind("Node", spec=ANYTHING, status=ANYTHING),
    "pods": _spec_required(_kind("Pod", spec=POD_SPEC, status=ANYTHING)),
    "replicasets": _spec_required(_kind("ReplicaSet", spec=REPLICA_SET_SPEC, status=ANYTHING)),
    "selfsubjectaccessreviews": _kind(
        "SelfSubjectAccessReview",
        spec=Struct(
            "SelfSubjectAccessReviewSpec", _fields(ANYTHING, "resourceAttributes nonResourceAttributes")
        ),
        status=ANYTHING,
    ),
    "selfsubjectreviews": _kind("SelfSubjectReview", status=ANYTHING),
    "selfsubjectrulesreviews": _kind(
        "SelfSubjectRulesReview",
        spec=Struct("SelfSubjectRulesReviewSpec", {"namespace": STRING}),
        status=ANYTHING,
    ),
    "serviceaccounts": _kind(
        "ServiceAccount",
        secrets=ANYTHING,
        imagePullSecrets=ANYTHING,
        automountServiceAccountToken=BOOLEAN,
    ),
    "services": _spec_required(_kind("Service", spec=SERVICE_SPEC, status=ANYTHING)),
}
"""Shapes by plural resource name."""

SCALE = _kind("Scale", spec=Struct("ScaleSpec", {"replicas": INTEGER}), status=ANYTHING)
