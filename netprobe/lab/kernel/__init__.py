"""The Linux system calls and programs that the lab stands on."""
