"""A learner's own data: what a unit asks of it, how it is read, and what may leave the machine."""
