"""A study's finalists trained anew for the test part, and what that shows."""
