"""Which signals a landing folder can compute, said before its first night.

Belongs here: what each signal needs of the landing contract, measured by leaving columns out, and the judgement of a folder or an
adapter by it. What was computable in a night that ran is `signal_coverage`'s.
"""
