"""What a change of policies opens and closes, in the forms that people read and tools take."""

from __future__ import annotations
