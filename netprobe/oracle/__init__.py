"""What the policies say: NetworkPolicy semantics as the Kubernetes API reference defines them."""
