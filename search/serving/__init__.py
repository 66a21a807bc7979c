"""A model that answers raw queries: written as files, loaded and asked."""
