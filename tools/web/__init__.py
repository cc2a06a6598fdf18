"""The web as a source: snapshots of saved pages and the text of a page."""
