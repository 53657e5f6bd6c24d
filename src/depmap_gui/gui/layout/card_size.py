"""How large a card is on the map, and how far apart cards stand: one unit is a pixel at 100 %."""

CARD_WIDTH = 212.0
CARD_HEIGHT = 72.0
COLUMN_STEP = 300.0
ROW_STEP = 104.0
LEAST_GAP = 16.0
"""What two cards keep between them wherever a layout puts them."""
