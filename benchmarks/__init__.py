"""What the toolkit costs, measured against what it could cost: `make bench`."""
