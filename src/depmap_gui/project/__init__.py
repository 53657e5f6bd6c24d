"""How a project is kept: its file, older files, safe saving, and what a crash leaves behind."""
