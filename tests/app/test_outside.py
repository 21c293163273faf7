"""A host of the user's, as it is written and as the audit has it."""

from __future__ import annotations

import pytest

from netprobe.app.outside import address_of, externals_of
from netprobe.errors import InputError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7:443", ("203.0.113.7", 443)),
        ("[2001:db8::7]:1", ("2001:db8::7", 1)),
        ("[2001:DB8:0::7]:65535", ("2001:db8::7", 65535)),
    ],
)
def test_an_address_with_a_port(text, address):
    assert address_of(text) == address
    assert externals_of(text) == {"outside": (address[0], {8443: address[1]})}


@pytest.mark.parametrize(
    "text",
    [
        "203.0.113.7",
        "203.0.113.7:",
        "203.0.113.7:0",
        "203.0.113.7:65536",
        "example.org:443",
        "2001:db8::7:443",
        ":443",
    ],
)
def test_anything_else_is_refused_with_what_to_write(text):
    with pytest.raises(InputError, match="is no address with a port") as caught:
        externals_of(text)
    assert "203.0.113.7:443" in caught.value.remedy


def test_without_one_there_is_none():
    assert externals_of("") == {}
