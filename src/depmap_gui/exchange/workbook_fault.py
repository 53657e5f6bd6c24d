"""Why a map cannot become a workbook; apart from the sheets, whose libraries take a while."""


class WorkbookError(Exception):
    """A map that no workbook can hold; a sentence for the person who exports it."""
