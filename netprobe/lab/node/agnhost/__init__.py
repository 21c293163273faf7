"""The program in the lab's one image, compatible with what netprobe uses of agnhost."""
