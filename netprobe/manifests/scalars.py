"""What a plain YAML scalar means to kubectl.

kubectl reads YAML 1.1 with exceptions: ``y`` and ``n`` are booleans, ``1e3`` is a number,
``22:30`` and dates are strings. A label value ``yes`` therefore is a boolean there, and refused;
reading it as a string here would hide the mistake until the objects are applied.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

Scalar = str | int | float | bool | None

PLAIN = "netprobe:plain"
"""The tag of a scalar that was written without quotes and without a tag."""

_CORE = "tag:yaml.org,2002:"
STRING = _CORE + "str"
"""The tag of a scalar in quotes."""

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
_FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
_INTEGER = re.compile(r"[-+]?(0b[01]+|0o?[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_scalar(text: str, tag: str) -> Scalar:
    """Return the value of a scalar written as ``text`` with ``tag`` (PLAIN when nothing was said).

    Raises ValueError, with a message for the user, for tags that kubectl has no use for, for text
    that its tag does not allow, and for numbers that JSON cannot carry.
    """
    if tag == STRING:
        return text
    value = read_plain(text)
    if tag != PLAIN and not _agrees(value, tag):
        short = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        raise ValueError(f"the tag {short} cannot be used here")
    return value


def key_text(value: Scalar) -> str:
    """Return a mapping key as the string that JSON makes of it (``1`` and ``on`` become "1" and "true")."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


@lru_cache(maxsize=4096)
def read_plain_key(text: str) -> str:
    """Return the key that ``text`` without quotes and tag is. Raises ValueError as ``read_scalar`` does."""
    return key_text(read_plain(text))


@lru_cache(maxsize=4096)
def read_plain(text: str) -> Scalar:
    """Return what ``text`` without quotes and tag means. Raises ValueError as ``read_scalar`` does."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in "+-.0123456789":
        return _number(text)
    return text


def _number(text: str) -> Scalar:
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        return _integer(digits)
    if _FLOAT.fullmatch(digits):
        value = float(digits)
        if math.isinf(value):
            return text
        return int(value) if value.is_integer() else value
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a number that Kubernetes can read")
    return text


def _integer(digits: str) -> int:
    sign = -1 if digits.startswith("-") else 1
    bare = digits.lstrip("+-")
    if re.fullmatch(r"0[0-7]+", bare):
        return sign * int(bare, 8)
    return sign * int(bare, 0)


def _agrees(value: Scalar, tag: str) -> bool:
    kinds: dict[str, tuple[type, ...]] = {
        _CORE + "null": (type(None),),
        _CORE + "bool": (bool,),
        _CORE + "int": (int,),
        _CORE + "float": (int, float),
    }
    wanted = kinds.get(tag)
    if wanted is None or (isinstance(value, bool) and bool not in wanted):
        return False
    return isinstance(value, wanted)
