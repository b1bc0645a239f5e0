"""Review on forms: what a reviewer is asked of a lead, whether the answers hold together, and landing them."""
