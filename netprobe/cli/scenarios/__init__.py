"""``netprobe scenarios``: what there is to know about scenarios without a cluster."""
