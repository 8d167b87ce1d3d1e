"""The report: what was simulated, what came of it, how sure that is, and how to have it again."""
