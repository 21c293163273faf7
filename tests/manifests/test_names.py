from __future__ import annotations

import pytest

from netprobe.manifests import names


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (names.wrong_dns_label, ["a", "a-1", "1a", "x" * 63], ["", "A", "-a", "a-", "a.b", "x" * 64, "a\n"]),
        (names.wrong_dns_subdomain, ["a.b-c.d", "a" * 253], ["", ".a", "a..b", "a.-b", "a_b", "a" * 254]),
        (names.wrong_service_name, ["a", "a-1"], ["1a", "", "a.b", "a-", "x" * 64]),
        (names.wrong_port_name, ["http", "a-1", "1-a"], ["", "80", "a_b", "A", "-a", "a-", "a--b", "a" * 16]),
        (names.wrong_label_key, ["a", "A.b_c-1", "x.io/a", "kubernetes.io/metadata.name"],
         ["", "/a", "a/", "X.io/a", "a/b/c", "-a", "a b", "x" * 64]),
        (names.wrong_label_value, ["", "a", "A.b_c-1", "x" * 63], ["-a", "a.", "a b", "a/b", "x" * 64]),
        (names.wrong_port_number, [1, 65535], [0, 65536, -1]),
    ],
)  # fmt: skip
def test_syntax(check, good, bad):
    assert [value for value in good if check(value)] == []
    assert [value for value in bad if not check(value)] == []


def test_a_message_names_the_value():
    assert '"a_b"' in names.wrong_port_name("a_b")
    assert "70000" in names.wrong_port_number(70000)
