"""The short report as a PDF: what :mod:`depmap_gui.session.report` says, set on pages."""
