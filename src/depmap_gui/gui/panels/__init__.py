"""Panels beside the map: they know the editor, never one another or the canvas."""
