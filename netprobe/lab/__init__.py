"""The embedded cluster: a small Kubernetes API and kubelet over real Linux network namespaces.

The lab *enforces*; it never imports the oracle, which *predicts*.
"""
