"""Graphs and statements of ownership in the formats of other programs: read and written."""
