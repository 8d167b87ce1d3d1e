"""What holds for all tests: no deadline an example, for machines are shared and the first call compiles."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
