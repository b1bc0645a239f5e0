"""The numbers that describe how an account behaves and what it looks like, with their defaults.

Belongs here: names, meanings and defaults of traits, and arrays of them. Who has which traits lives in `profiles` and
`campaigns`. A share is a probability per request unless it says otherwise; -1 means "not sent" or "drawn from the
account's country".
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.catalogue import CHAT, FREE, LARGE

Columns = dict[str, NDArray[Any]]
Range = tuple[float, float]
Traits = Mapping[str, float | Range]

BEHAVIOUR: dict[str, float] = {
    # volume: requests a weekday, day-to-day spread (log scale), share of days with any use, weekend factor
    "rate": 6.0, "spread": 0.5, "active": 0.75, "weekend": 0.5,
    # clock: 0 human hours, 1 round the clock, 2 a window of hours, 3 three shifts; times of a schedule and its jitter
    # burst: share of requests in the hour of the day that all of a group's workers set out in
    "burst": 0, "clock": 0, "jitter": 1.0, "window_start": 2, "window_hours": 3, "turns": 4, "pause": 70,
    "surface": CHAT, "second_surface": CHAT, "second_surface_share": 0, "partner": 0, "generate_share": 0,
    # models: base model, share on the small one, share that ever adopts a new model, share that pivots within 24 hours
    "model": LARGE, "small": 0.3, "embedding": 0, "adoption": 0.5, "pivot": 0,
    # prompts: own templates, popular framework templates, free form; pool of repeated prompts (0: none),
    "templates": 3, "popular": 0.2, "freeform": 0.6, "system": 0, "repeat": 0, "echo": 0.06, "same_daily": 0, "run": 1,
    "template_epoch": 0, "temperature": -1, "temperature_spread": 0, "top_p": -1, "max_tokens": -1, "choices": 1,
    "logprobs": 0, "input": 6.3, "input_sigma": 0.9, "output": 5.5, "output_sigma": 0.8, "cache": 0.4,
    "thinking": 0.15, "tools": 0, "stream": 0.8, "batch": 0,
    # labels of the provider's classifiers; pairing asks the same content with and without reasoning, ring grades
    # answers
    "reasoning": 0.015, "grading": 0.01, "rewriting": 0.002, "pairing": 0, "ring": 0,
    "topic": -1, "focus": 0.55, "span": 24, "sweep": 0, "languages": 0, "travel": 0,
    # network: 0 consumer, 1 hosting, 2 VPN, 3 campus, 4 office; prefixes, hosts in each, days until they rotate,
    # carrier NAT
    "network": 0, "nets": 2, "hosts": 1, "net_epoch": 0, "nat": 0.12, "agents": 1, "own_agent": 0,
    "end_users": 0, "keys": 1, "throttle": 0.003, "failure": 0.008,
}  # fmt: skip

IDENTITY: dict[str, float] = {
    "organization": 0, "tier": FREE, "use": 0, "kyc": 0.25, "funding": -1, "relay": 0.03, "disposable": 0.01,
    "trial": 0.3, "declares": 0.1, "card_foreign": 0.02, "approved": -1, "age_days": 720, "foreign": 0,
    "referred": 0.04, "paying": 0.7,
    # share of charges that fail, and days between two charges; -1 for what is usual
    "declines": -1, "top_up_days": -1,
}  # fmt: skip

APPROVED_USES = ("reseller", "evaluation", "research", "synthetic_data")
KEYS = ("template_key", "prompt_key", "system_key", "net_key", "agent_key", "tenant_key", "burst_key")


def drawn(traits: Traits, defaults: Mapping[str, float], size: int, stream: np.random.Generator) -> Columns:
    """Return one array of `size` for each default; a range is drawn uniformly, whole ranges of surfaces or tiers are
    integers.

    Traits unknown to `defaults` are passed over: the caller checks names with `check`.
    """
    columns: Columns = {}
    for name, default in defaults.items():
        value = traits.get(name, default)
        if isinstance(value, tuple):
            columns[name] = stream.uniform(value[0], value[1], size).astype(np.float32)
        else:
            columns[name] = np.full(size, value, dtype=np.float32)
    return columns


def check(traits: Traits) -> None:
    """Raise KeyError when a trait is neither behaviour nor identity."""
    unknown = sorted(set(traits) - set(BEHAVIOUR) - set(IDENTITY))
    if unknown:
        raise KeyError(f"traits must be among the defaults of simulator.traits, given {unknown}")
