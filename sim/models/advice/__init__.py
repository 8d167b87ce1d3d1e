"""What speed an application advises, one a file: compiled scalar functions of what was heard."""
