"""Encoded columns to vectors: the two towers, their layers and their loss."""
