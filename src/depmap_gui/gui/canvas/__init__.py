"""The canvas: the map painted from arrays in one widget, and the acts that a hand does on it."""
