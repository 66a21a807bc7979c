"""What data is and where it comes from: sources, splits, encoders, and arrays in a cache."""
