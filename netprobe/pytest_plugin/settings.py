"""The settings of a pytest session: option over ini file over environment over ``[tool.netprobe]``."""

from __future__ import annotations

import os

import pytest

from netprobe.app.pytest_runs import check_config
from netprobe.config.load import load_config
from netprobe.config.settings import Config
from netprobe.errors import InputError
from netprobe.pytest_plugin.problems import explain


def read_settings(config: pytest.Config) -> Config:
    """Return the settings; raises UsageError with every problem when they are wrong."""
    overrides = {
        "cluster": _given(config, "netprobe_cluster"),
        "settle": _given(config, "netprobe_settle"),
        "output": _given(config, "netprobe_report"),
    }
    try:
        settings = load_config(overrides, os.environ, config.rootpath)
        check_config(settings)
    except InputError as error:
        raise pytest.UsageError(explain(error)) from None
    return settings


def _given(config: pytest.Config, name: str) -> object:
    """The option, else the ini setting, else None (which leaves it to the weaker sources)."""
    option = config.getoption(name, None)
    return option if option is not None else (config.getini(name) or None)
