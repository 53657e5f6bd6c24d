"""DepMap: draw and score who a plant depends on, by jurisdiction."""

__version__ = "0.1.0"
