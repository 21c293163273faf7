"""What would keep netprobe from an answer: checks over facts that were read before, without any I/O."""
