"""The two gates: suites as data, one per handed-in source and handed-out mart, and the small runner."""
