"""The live run on own data, and the files that go to work."""
