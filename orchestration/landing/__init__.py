"""The landing folder: its files, and the views a run reads them through."""
