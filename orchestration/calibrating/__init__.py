"""From review verdicts to a calibration that a person may adopt."""
