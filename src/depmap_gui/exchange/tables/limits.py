"""How much a file may hold, so that none can exhaust time or memory."""

MOST_FILE_BYTES = 200 * 2**20
"""Of the file as it lies on the disk."""

MOST_UNPACKED_BYTES = 700 * 2**20
"""Of all parts of one workbook that are read, unpacked."""

MOST_SHARED_BYTES = 160 * 2**20
"""Of a part that the reader keeps whole in memory: shared texts, styles."""

MOST_SHARED_TEXTS = 4_000_000

MOST_CELLS = 5_000_000
"""Of the rectangle that a sheet's filled cells span."""

MOST_TEXT_CELLS = 5_000_000
"""Of a delimited text file."""

LONGEST_FIELD = 1_000_000
"""Characters in one cell of delimited text: more is a quote that never closes."""

LONGEST_LINE = 4 * 2**20
"""Bytes between two line ends of delimited text."""
