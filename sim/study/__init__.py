"""Which option is better, by how much, how sure, at what cost: options compared on paired seeds."""
