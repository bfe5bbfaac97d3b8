"""An OctoStore in memory, for the unit tests of your program.

    octostore = InMemoryOctoStore()
    with octostore.client("ada").hold("billing/nightly", ttl_seconds=30) as lock:
        octostore.advance(31)
        assert lock.is_lost

Production code does not load it.
"""

from ._in_memory import DoubleClientOptions, DoubleOpener, InMemoryOctoStore

__all__ = ["DoubleClientOptions", "DoubleOpener", "InMemoryOctoStore"]
