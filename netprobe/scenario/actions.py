"""What steps write: policies applied, replaced and deleted; labels, scale and restarts.

The policies in force are followed from step to step, so that deleting or replacing one that is not
there is found before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from netprobe.manifests.cursor import cursor, did_you_mean
from netprobe.manifests.document import Document
from netprobe.manifests.names import wrong_label_key, wrong_label_value
from netprobe.manifests.policy import decode_policy
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Action, ActionKind, Manifest
from netprobe.scenario.addresses import named_pods, with_stand_ins
from netprobe.scenario.dressing import is_bare
from netprobe.scenario.folder import Reader
from netprobe.scenario.objects import Stage, check_namespace, described, kind_of
from netprobe.scenario.placement import NAME_LABEL
from netprobe.scenario.schema import Label, Step

_BY_NAME = "NetworkPolicy "
_RESERVED = "netprobe.io/"
PolicyName = tuple[str, str]


@dataclass(slots=True)
class Actions:
    """Reads the actions of one step after another; ``in_force`` are the policies that exist by now."""

    reader: Reader
    document: Document
    stage: Stage
    in_force: dict[PolicyName, Place] = field(default_factory=dict)
    _files: dict[str, tuple[Manifest, ...]] = field(default_factory=dict)

    def of_step(self, step: Step, number: int) -> tuple[Action, ...]:
        """The writes of a step, in the order of the keys in the format; problems go to the reader's list."""
        actions: list[Action] = []
        for key, names in (("apply", step.apply), ("replace", step.replace)):
            for index, name in enumerate(names):
                actions.extend(self._write(ActionKind(key), name, self._place(number, key, index)))
        for index, entry in enumerate(step.delete):
            actions.extend(self._delete(entry, self._place(number, "delete", index)))
        for index, label in enumerate(step.label):
            actions.extend(self._label(label, ("steps", number, "label", index)))
        for index, scale in enumerate(step.scale):
            path = ("steps", number, "scale", index, "workload")
            actions.extend(self._on_workload(ActionKind.SCALE, scale.workload, path, replicas=scale.replicas))
        for index, name in enumerate(step.restart):
            actions.extend(self._on_workload(ActionKind.RESTART, name, ("steps", number, "restart", index)))
        return tuple(actions)

    def _place(self, number: int, key: str, index: int) -> Place:
        return self.document.places.of(("steps", number, key, index))

    def _complain(self, place: Place, message: str, hint: str = "") -> None:
        self.reader.problems.append(Problem(place=place, message=message, hint=hint))

    def _write(self, kind: ActionKind, name: str, place: Place) -> list[Action]:
        manifests = self._policies(name, place)
        for manifest in manifests:
            key = (manifest.namespace, manifest.name)
            if kind is ActionKind.REPLACE and key not in self.in_force:
                self._complain(place, f"{described(manifest)} is not there to be replaced", "use apply")
            self.in_force[key] = manifest.place
        return [Action(kind=kind, manifests=manifests, place=place)] if manifests else []

    def _policies(self, name: str, place: Place) -> tuple[Manifest, ...]:
        """The policies of a file, read and checked once however often steps name it."""
        if name not in self._files:
            text = self.reader.text(name, place)
            shown = self.reader.folder.shown(name)
            documents = () if text is None else read_documents(text, shown, self.reader.problems)
            self._files[name] = tuple(self._checked(documents))
            if text is not None and not documents:
                self._complain(place, f'"{name}" holds no object')
        return self._files[name]

    def _checked(self, documents: Iterable[Document]) -> Iterable[Manifest]:
        seen: dict[PolicyName, Place] = {}
        for document in documents:
            kind = kind_of(document)
            if kind not in {"NetworkPolicy", ""}:
                top = cursor(document, self.reader.problems)
                top.complain(
                    f"a step applies NetworkPolicies, not a {kind}", key="kind", hint="move it to workloads"
                )
                continue
            checked = replace(document, body=with_stand_ins(document.body))
            policy = decode_policy(checked, self.reader.problems)
            check_namespace(document, self.stage, self.reader.problems)
            self._check_addresses(document)
            if policy is None:
                continue
            manifest = Manifest(body=document.body, place=document.place, policy=policy)
            if (policy.namespace, policy.name) in seen:
                first = seen[policy.namespace, policy.name]
                self._complain(
                    document.place,
                    f"{described(manifest)} is here a second time",
                    f"the first one is at {first}",
                )
            seen.setdefault((policy.namespace, policy.name), document.place)
            yield manifest

    def _check_addresses(self, document: Document) -> None:
        known = [f"{each.namespace}/{each.name}" for each in self.stage.workloads]
        for name in named_pods(document.body):
            if name not in known:
                message = f'there is no workload "{name}" whose address could be taken'
                self._complain(document.place, message, did_you_mean(name, known))

    def _delete(self, entry: str, place: Place) -> list[Action]:
        if entry.startswith(_BY_NAME):
            namespace, slash, name = entry.removeprefix(_BY_NAME).strip().partition("/")
            if not slash:
                self._complain(place, f'"{entry}" names no namespace', "write NetworkPolicy namespace/name")
                return []
            names = [(namespace, name)]
        else:
            names = [(manifest.namespace, manifest.name) for manifest in self._policies(entry, place)]
        return [self._deletion(key, place) for key in names]

    def _deletion(self, key: PolicyName, place: Place) -> Action:
        namespace, name = key
        if self.in_force.pop(key, None) is None:
            known = [f"{there}/{called}" for there, called in self.in_force]
            self._complain(
                place,
                f"NetworkPolicy {namespace}/{name} is not there to be deleted",
                did_you_mean(f"{namespace}/{name}", known),
            )
        return Action(
            kind=ActionKind.DELETE, target_kind="NetworkPolicy", namespace=namespace, name=name, place=place
        )

    def _on_workload(
        self,
        kind: ActionKind,
        target: str,
        path: tuple[str | int, ...],
        *,
        replicas: int = 0,
        labels: Mapping[str, str | None] | None = None,
    ) -> list[Action]:
        place = self.document.places.of(path)
        namespace, _, name = target.partition("/")
        for workload in self.stage.workloads:
            if (workload.namespace, workload.name) != (namespace, name):
                continue
            if kind is ActionKind.SCALE and workload.kind == "DaemonSet":
                self._complain(place, f"{target} is a DaemonSet: it has one pod on each node")
            if kind is ActionKind.SCALE and self._is_bare(target):
                self._complain(place, f"{target} is a bare Pod: there is just one of it")
            return [
                Action(
                    kind=kind,
                    target_kind=workload.kind,
                    namespace=namespace,
                    name=name,
                    labels=labels or {},
                    replicas=replicas,
                    place=place,
                )
            ]
        known = [f"{workload.namespace}/{workload.name}" for workload in self.stage.workloads]
        self._complain(place, f'there is no workload "{target}"', did_you_mean(target, known))
        return []

    def _is_bare(self, target: str) -> bool:
        return any(
            is_bare(manifest.body) and f"{manifest.namespace}/{manifest.name}" == target
            for manifest in self.stage.manifests
        )

    def _label(self, label: Label, path: tuple[str | int, ...]) -> list[Action]:
        place = self.document.places.of(path)
        if (label.workload is None) == (label.namespace is None):
            self._complain(place, "a label entry names either a workload or a namespace")
            return []
        self._check_labels(label, path)
        if label.workload is not None:
            self._check_selector(label.workload, label, path)
            return self._on_workload(
                ActionKind.LABEL, label.workload, (*path, "workload"), labels=label.labels
            )
        namespace = label.namespace or ""
        if namespace not in self.stage.namespaces:
            self._complain(
                self.document.places.of((*path, "namespace")),
                f'the scenario declares no namespace "{namespace}"',
                did_you_mean(namespace, self.stage.namespaces),
            )
            return []
        return [
            Action(
                kind=ActionKind.LABEL,
                target_kind="Namespace",
                name=namespace,
                labels=label.labels,
                place=place,
            )
        ]

    def _check_labels(self, label: Label, path: tuple[str | int, ...]) -> None:
        for key, value in label.labels.items():
            place = self.document.places.of((*path, "labels", key), key=True)
            if wrong := wrong_label_key(key) or wrong_label_value(value or ""):
                self._complain(place, wrong)
            elif key.startswith(_RESERVED) or key == NAME_LABEL:
                owner = "the API server" if key == NAME_LABEL else "netprobe"
                self._complain(place, f"the label {key} belongs to {owner}")

    def _check_selector(self, target: str, label: Label, path: tuple[str | int, ...]) -> None:
        """Refuse labels by which a controller finds its pods: without them it would start others."""
        for manifest in self.stage.manifests:
            if manifest.kind in {"Service", "Pod"} or f"{manifest.namespace}/{manifest.name}" != target:
                continue
            spec = manifest.body.get("spec")
            selector = spec.get("selector") if isinstance(spec, Mapping) else None
            wanted = selector.get("matchLabels") if isinstance(selector, Mapping) else None
            for key in label.labels:
                if isinstance(wanted, Mapping) and key in wanted:
                    self._complain(
                        self.document.places.of((*path, "labels", key), key=True),
                        f"{manifest.kind} {target} finds its pods by the label {key}",
                        "change a label that its selector does not use",
                    )
