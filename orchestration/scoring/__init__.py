"""From scores to a review queue."""
