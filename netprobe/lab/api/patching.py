"""The three kinds of patch: merge (RFC 7386), JSON (RFC 6902) and Kubernetes' strategic merge.

https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from netprobe.lab.api.status_errors import StatusError, bad_request, unsupported_media_type

_MERGE_KEYS = {
    "containers": ("name",),
    "initContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "secrets": ("name",),
    "addresses": ("type",),
}
"""Lists that strategic merge joins by the keys of their items; other lists are replaced whole."""
_PORT_KEYS = (("containerPort", "protocol"), ("port", "protocol"))


def patcher(content_type: str, body: Any, kind: str) -> Callable[[Any], Any]:
    """A function from the present state to the wanted one; raises StatusError (400, 415)."""
    media = content_type.partition(";")[0].strip()
    if media == "application/merge-patch+json":
        return lambda state: merge(state, _mapping(body))
    if media == "application/strategic-merge-patch+json":
        # A NetworkPolicy's ports carry no merge key: its lists are atomic.
        return lambda state: strategic_merge(state, _mapping(body), keyed=kind != "NetworkPolicy")
    if media == "application/json-patch+json":
        return lambda state: apply_operations(state, body)
    raise unsupported_media_type()


def merge(state: Any, change: Any) -> Any:
    """Apply a JSON merge patch: null removes, objects merge, all else replaces."""
    if not isinstance(change, dict):
        return change
    result = dict(state) if isinstance(state, dict) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def strategic_merge(state: Any, change: Any, *, keyed: bool = True) -> Any:
    """Apply a strategic merge patch with the directives $patch, $retainKeys, $deleteFromPrimitiveList."""
    if not isinstance(change, dict):
        return change
    if change.get("$patch") == "replace":
        return {key: value for key, value in change.items() if key != "$patch"}
    result = dict(state) if isinstance(state, dict) else {}
    if "$retainKeys" in change:
        result = {key: value for key, value in result.items() if key in change["$retainKeys"]}
    for key, value in change.items():
        _merge_field(result, key, value, keyed=keyed)
    return result


def _merge_field(result: dict[str, Any], key: str, value: Any, *, keyed: bool) -> None:
    if key.startswith("$deleteFromPrimitiveList/"):
        field = key.partition("/")[2]
        result[field] = [item for item in result.get(field, []) if item not in value]
    elif key.startswith("$"):
        return  # $retainKeys is done, $setElementOrder only orders
    elif value is None or (isinstance(value, dict) and value.get("$patch") == "delete"):
        result.pop(key, None)
    elif isinstance(value, list):
        result[key] = _merge_lists(key, result.get(key, []), value, keyed=keyed)
    else:
        result[key] = strategic_merge(result.get(key), value, keyed=keyed)


def _merge_lists(field: str, old: list[Any], change: list[Any], *, keyed: bool) -> list[Any]:
    if field == "finalizers":
        return [*old, *(item for item in change if item not in old)]
    keys = _merge_keys(field, [*old, *change]) if keyed else ()
    if any(isinstance(item, dict) and item.get("$patch") == "replace" for item in change):
        return [item for item in change if not (isinstance(item, dict) and "$patch" in item)]
    if not keys:
        return change
    merged = list(old)
    for item in change:
        _merge_item(merged, item, keys)
    return merged


def _merge_item(merged: list[Any], item: dict[str, Any], keys: tuple[str, ...]) -> None:
    identity = _identity(item, keys)
    index = next((i for i, each in enumerate(merged) if _identity(each, keys) == identity), None)
    if item.get("$patch") == "delete":
        if index is not None:
            del merged[index]
    elif index is None:
        merged.append(strategic_merge({}, item))
    else:
        merged[index] = strategic_merge(merged[index], item)


def _identity(item: dict[str, Any], keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(item.get(key, "TCP" if key == "protocol" else None) for key in keys)


def _merge_keys(field: str, items: list[Any]) -> tuple[str, ...]:
    if field == "ports":
        return next((keys for keys in _PORT_KEYS if items and all(keys[0] in each for each in items)), ())
    return _MERGE_KEYS.get(field, ())


def apply_operations(state: Any, operations: Any) -> Any:
    """Apply a JSON patch; raises StatusError (400 for a bad one, 422 when it does not fit the object)."""
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise bad_request("error decoding patch: a JSON patch is a list of operations")
    result = copy.deepcopy(state)
    for operation in operations:
        try:
            result = _operate(result, operation)
        except (KeyError, IndexError, ValueError, TypeError):
            raise StatusError(
                422, "Invalid", "the server rejected our request due to an error in our request", {}
            ) from None
    return result


def _operate(state: Any, operation: dict[str, Any]) -> Any:
    verb, path = operation["op"], _pointer(operation["path"])
    if verb == "test":
        if _get(state, path) != operation["value"]:
            raise ValueError("test failed")
        return state
    if verb in {"move", "copy"}:
        source = _pointer(operation["from"])
        value = copy.deepcopy(_get(state, source))
        return _put(_without(state, source) if verb == "move" else state, path, value, insert=True)
    if verb == "remove":
        return _without(state, path)
    if verb not in {"add", "replace"}:
        raise ValueError(f"unknown operation {verb}")
    if verb == "replace":
        _get(state, path)
    return _put(state, path, operation["value"], insert=verb == "add")


def _pointer(text: str) -> list[str]:
    if text and not text.startswith("/"):
        raise ValueError(f"no JSON pointer: {text}")
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def _get(state: Any, path: list[str]) -> Any:
    for part in path:
        state = state[int(part)] if isinstance(state, list) else state[part]
    return state


def _put(state: Any, path: list[str], value: Any, *, insert: bool) -> Any:
    if not path:
        return value
    parent, last = _get(state, path[:-1]), path[-1]
    if isinstance(parent, dict):
        parent[last] = value
    elif not isinstance(parent, list):
        raise TypeError("the parent is no container")
    elif last == "-":
        parent.append(value)
    elif insert:
        parent.insert(_index(last, len(parent) + 1), value)
    else:
        parent[_index(last, len(parent))] = value
    return state


def _without(state: Any, path: list[str]) -> Any:
    parent, last = _get(state, path[:-1]), path[-1]
    if isinstance(parent, list):
        del parent[_index(last, len(parent))]
    else:
        del parent[last]
    return state


def _index(text: str, bound: int) -> int:
    index = int(text)
    if not 0 <= index < bound:
        raise IndexError(text)
    return index


def _mapping(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise bad_request("error decoding patch: a merge patch is an object")
    return body
