"""Who may know whom: keys, re-keyed ids and their vault, the access log, classes of columns and how long they are kept."""
