"""The data dictionary of a release: its tables and columns, who reads them, and what each is made from."""
