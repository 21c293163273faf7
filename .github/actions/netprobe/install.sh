#!/usr/bin/env bash
# Install netprobe: VERSION from the package index, or the checkout that this action is part of.
set -euo pipefail
if [ -n "${VERSION:-}" ]; then what="k8s-netprobe==$VERSION"
else what="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"; fi
python -m pip install --quiet --disable-pip-version-check "$what"
netprobe version
