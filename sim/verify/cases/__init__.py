"""The verification cases, a file a family."""
