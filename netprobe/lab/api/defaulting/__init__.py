"""Defaults that the API server fills in, by kind: functions that edit a decoded object in place."""
