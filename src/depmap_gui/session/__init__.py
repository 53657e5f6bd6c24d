"""A project in use, without a window: document, path, rule packs, scenario and results."""
