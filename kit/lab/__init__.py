"""The embedded cloud: start, stop, reset, persist, inspect; on this machine and nowhere else."""
