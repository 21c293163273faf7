"""NetworkPolicies and Services become nftables rules; pure text in, text out."""
