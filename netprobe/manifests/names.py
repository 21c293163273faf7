"""The syntax of Kubernetes names and labels: each check returns what is wrong, "" when nothing is."""

from __future__ import annotations

import re

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_SERVICE = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_QUALIFIED = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")


def wrong_dns_label(name: str) -> str:
    """Check a DNS-1123 label: the name of a namespace or container, at most 63 characters."""
    if len(name) > 63:
        return f'"{name}" is longer than 63 characters'
    if not _LABEL.fullmatch(name):
        return f'"{name}" must be lowercase letters, digits and "-", and begin and end with a letter or digit'
    return ""


def wrong_dns_subdomain(name: str) -> str:
    """Check a DNS-1123 subdomain: the name of most objects, at most 253 characters."""
    if len(name) > 253:
        return f'"{name}" is longer than 253 characters'
    if not _SUBDOMAIN.fullmatch(name):
        return (
            f'"{name}" must be lowercase letters, digits, "-" and ".", '
            "and begin and end with a letter or digit (each part between dots, too)"
        )
    return ""


def wrong_service_name(name: str) -> str:
    """Check a DNS-1035 label: the name of a Service, which must begin with a letter."""
    if len(name) > 63:
        return f'"{name}" is longer than 63 characters'
    if not _SERVICE.fullmatch(name):
        return (
            f'"{name}" must be lowercase letters, digits and "-", begin with a letter '
            "and end with a letter or digit"
        )
    return ""


def wrong_port_name(name: str) -> str:
    """Check the name of a port (an IANA service name of at most 15 characters)."""
    if not 1 <= len(name) <= 15:
        return f'the port name "{name}" must have 1 to 15 characters'
    if not re.fullmatch(r"[-a-z0-9]+", name):
        return f'the port name "{name}" must hold only lowercase letters, digits and "-"'
    if not re.search("[a-z]", name):
        return f'the port name "{name}" must hold a letter'
    if "--" in name or name[0] == "-" or name[-1] == "-":
        return f'the port name "{name}" must not begin or end with "-", nor hold "--"'
    return ""


def wrong_port_number(number: int) -> str:
    """Check a port number."""
    return "" if 1 <= number <= 65535 else f"{number} must be between 1 and 65535"


def wrong_label_key(key: str) -> str:
    """Check a label key: an optional DNS prefix and "/", then at most 63 characters."""
    prefix, slash, name = key.rpartition("/")
    if slash and (not prefix or wrong_dns_subdomain(prefix)):
        return f'the label key "{key}" must have a DNS name before its "/"'
    if not 1 <= len(name) <= 63 or not _QUALIFIED.fullmatch(name):
        return (
            f'the label key "{key}" must be 1 to 63 letters, digits, "-", "_" or ".", '
            "and begin and end with a letter or digit"
        )
    return ""


def wrong_label_value(value: str) -> str:
    """Check a label value: empty, or at most 63 characters."""
    if value and (len(value) > 63 or not _QUALIFIED.fullmatch(value)):
        return (
            f'the label value "{value}" must be empty, or at most 63 letters, digits, "-", "_" or ".", '
            "and begin and end with a letter or digit"
        )
    return ""
