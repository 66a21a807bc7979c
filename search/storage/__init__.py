"""Where a search is kept and how that survives: storages, checkpoints, locks, outages."""

from search.storage.place import DEFAULT_STORAGE, Place

__all__ = ["DEFAULT_STORAGE", "Place"]
