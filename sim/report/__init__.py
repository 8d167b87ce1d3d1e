"""What the reader gets: tables, summary, manifest, the terminal's lines."""
