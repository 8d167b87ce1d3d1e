"""What drivers take gaps and speeds for: errors of human perception, and how late they act on it."""
