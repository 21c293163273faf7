"""Many scenarios on one cluster: one after the other, or several at the same time."""
