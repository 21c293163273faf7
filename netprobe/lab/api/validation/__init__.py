"""Rules that the API server refuses objects by: functions from an object to the causes of refusal."""
