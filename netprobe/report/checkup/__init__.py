"""What ``netprobe doctor`` found, in the formats that it is told in."""
