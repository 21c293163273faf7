"""The tables themselves."""

from __future__ import annotations

from netprobe.cluster.identity.known.platforms import PLATFORMS
from netprobe.cluster.identity.known.registry import FINGERPRINTS

NAMES = [each.name for each in FINGERPRINTS]
PLATFORM_NAMES = [each.name for each in PLATFORMS]


def test_names_are_unique_and_those_that_are_referred_to_exist():
    assert len(set(NAMES)) == len(NAMES)
    assert len(set(PLATFORM_NAMES)) == len(PLATFORM_NAMES)
    for each in FINGERPRINTS:
        assert {*each.absorbs, *each.beside} <= set(NAMES), each.name
        assert set(each.platforms) <= set(PLATFORM_NAMES), each.name
    assert {each.above for each in PLATFORMS} <= {"", *PLATFORM_NAMES}


def test_a_fingerprint_can_be_found_and_a_setting_has_an_effect():
    for each in FINGERPRINTS:
        assert each.proofs or (each.last_resort and each.platforms), each.name
        for setting in each.settings:
            assert setting.because, each.name
            assert not setting.alarms or setting.enforces is not None, each.name
