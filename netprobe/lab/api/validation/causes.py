"""Builders of the causes of refusal, in the API server's phrases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from netprobe.lab.api.status_errors import Cause


def invalid_value(field: str, value: Any, why: str) -> Cause:
    """The value breaks a rule."""
    shown = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Cause(reason="FieldValueInvalid", message=f"Invalid value: {shown}: {why}", field=field)


def required(field: str, why: str = "") -> Cause:
    """The value is missing."""
    return Cause(
        reason="FieldValueRequired",
        message=f"Required value: {why}" if why else "Required value",
        field=field,
    )


def not_allowed(field: str, why: str) -> Cause:
    """The field may not be set (or changed) here."""
    return Cause(reason="FieldValueForbidden", message=f"Forbidden: {why}", field=field)


def unsupported(field: str, value: Any, supported: Sequence[str]) -> Cause:
    """The value is none of an enumeration."""
    listed = ", ".join(f'"{each}"' for each in supported)
    return Cause(
        reason="FieldValueNotSupported",
        message=f"Unsupported value: {json.dumps(value)}: supported values: {listed}",
        field=field,
    )


def duplicate(field: str, value: Any) -> Cause:
    """The value is there already and must be unique."""
    return Cause(reason="FieldValueDuplicate", message=f"Duplicate value: {json.dumps(value)}", field=field)
