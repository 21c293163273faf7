"""The lab's object store: the only state, watched by the API and by every controller."""
