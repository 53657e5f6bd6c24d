"""The scripted door: everything that can be done without a window."""
