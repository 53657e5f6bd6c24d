"""Tables in: spreadsheets and delimited text, read with care, mapped to facts, previewed."""
