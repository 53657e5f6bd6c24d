"""What is true: entities, links, quantities, fields, the document, its edits and its checks."""
