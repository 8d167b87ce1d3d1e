"""What the user wrote: the schema of scenario files and their loader."""
