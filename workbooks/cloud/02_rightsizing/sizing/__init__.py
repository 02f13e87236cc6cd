"""The sizing half: from a dirty export to a size that somebody answers for."""
