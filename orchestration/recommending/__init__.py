"""What verdicts recommend to change in signals: weights, and retirement in a group. Nothing changes by itself."""
