"""What a lab can look like: one file of data for each identity, and the objects made of it."""
