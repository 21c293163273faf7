"""What is known of each family of CNIs: tables only."""
