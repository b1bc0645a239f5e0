"""The charts and tables of the page, one module each: from a release's rows to a finding, a drawing and its rows."""
