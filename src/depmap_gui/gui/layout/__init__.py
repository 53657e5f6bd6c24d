"""Where items stand on the map: layouts, free places, alignment. No window is needed for it."""
