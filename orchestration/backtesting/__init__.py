"""A challenging rule set scored on history beside the champion."""
