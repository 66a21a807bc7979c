"""The commands of `towersearch`, a function each; what they need is imported when they run."""
