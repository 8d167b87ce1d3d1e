"""Lane-changing models: what makes a driver want another lane."""
