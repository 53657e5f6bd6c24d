"""How a project comes and goes: the workbook out, tables in, other formats."""
