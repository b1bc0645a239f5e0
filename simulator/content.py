"""What requests of a day contain, as keyed hashes, labels and token counts: never a text.

Belongs here: templates, prompts, materials, classifier labels, topics, models, tokens and outcomes of requests.
"""

import numpy as np
from numpy.typing import NDArray

from simulator import catalogue as cat
from simulator.streams import F64, I64, U64, combined, normal, salted, uniform
from simulator.traits import Columns

DAY_HOURS = 24.0


def models(traits: Columns, rows: U64, hours: F64) -> I64:
    """Return codes of ALL_MODELS; `hours` since the world's first midnight.

    Adoption of a new frontier model is slow for people (time constant 14 days); a pivoting operator moves within 12
    hours.
    """
    code = np.where(uniform(rows, "model") < traits["small"], cat.SMALL, traits["model"].astype(np.int64))
    draw = uniform(rows, "adoption")
    for number, offset in enumerate(cat.FRONTIER_OFFSETS):
        age = hours - (offset * DAY_HOURS + cat.RELEASE_HOUR)
        if float(age.max(initial=-1.0)) < 0:
            break
        slow = traits["adoption"] * (1.0 - np.exp(-np.maximum(age, 0.0) / (14 * DAY_HOURS)))
        share = traits["pivot"] * np.clip(age / 12.0, 0.0, 1.0)
        moved = (age >= 0) & (draw < share + (1.0 - share) * slow)
        code = np.where(moved, len(cat.MODELS) + number, code)
    return np.where(uniform(rows, "embedding") < traits["embedding"], cat.EMBED, code).astype(np.int64)


def labels(traits: Columns, account_day: U64, rows: U64, place: I64) -> Columns:
    """Return which requests elicit reasoning, grade or rewrite, which are paired, and the classifiers' scores for
    them."""
    pair = combined(account_day, place // 2)
    paired = uniform(pair, "pairing") < traits["pairing"]
    reasoning = np.where(paired, place % 2 == 0, uniform(rows, "reasoning") < traits["reasoning"])
    ring = traits["ring"] > 0
    grading_share = np.where(ring, np.where(place % 2 == 1, 2 * traits["grading"], 0.0), traits["grading"])
    grading = uniform(rows, "grading") < grading_share
    rewriting = (uniform(rows, "rewriting") < traits["rewriting"]) & ~grading
    reasoning = reasoning & ~grading & ~rewriting

    def score(is_so: NDArray[np.bool_], purpose: str) -> F64:
        low = 0.22 * uniform(rows, purpose + ".low") ** 2
        high = 0.72 + 0.27 * uniform(rows, purpose + ".high")
        return np.where(is_so, high, low).round(3)

    return {
        "paired": paired, "reasoning": reasoning, "grading": grading, "rewriting": rewriting,
        "elicits_reasoning": score(reasoning, "score.reasoning"), "grades_output": score(grading, "score.grading"),
        "rewrites_sensitive": score(rewriting, "score.rewriting"),
    }  # fmt: skip


def hashes(traits: Columns, keys: Columns, marks: Columns, day: int) -> Columns:
    """Return the content hashes of requests as unsigned keys, and which of them are absent.

    `keys` holds row, account_day, place, turn, ring_day (the day key of the account whose answers are graded) and
    ring_count (how many requests that account makes that day).
    """
    rows, place = keys["row"], keys["place"]
    kind = uniform(rows, "template-kind")
    epoch = np.where(traits["template_epoch"] > 0, day // np.maximum(traits["template_epoch"], 1), 0).astype(np.int64)
    family = combined(traits["template_key"], epoch)
    which = np.floor(traits["templates"] * uniform(rows, "template") ** 1.6).astype(np.int64)
    task = 100 * marks["reasoning"] + 200 * marks["grading"] + 300 * marks["rewriting"]
    own = combined(family, which + np.where(traits["freeform"] < 0.5, task, 0))
    popular_number = np.floor(cat.POPULAR_TEMPLATES * uniform(rows, "popular") ** 2).astype(np.int64)
    popular = combined(np.full(len(rows), np.uint64(77)), popular_number)
    prompt = combined(combined(traits["prompt_key"], day), place // np.maximum(traits["run"], 1).astype(np.int64))
    pool = np.floor(traits["repeat"] * uniform(rows, "repeat")).astype(np.int64)
    favourite = combined(traits["prompt_key"], (uniform(rows, "favourite") ** 2 * 24).astype(np.int64))
    prompt = np.where(uniform(rows, "echo") < traits["echo"], favourite, prompt)
    prompt = np.where(traits["repeat"] > 0, combined(traits["prompt_key"], pool), prompt)
    prompt = np.where(traits["same_daily"] > 0, combined(traits["prompt_key"], place), prompt)
    freeform = kind < traits["freeform"]
    is_popular = ~freeform & (kind < traits["freeform"] + traits["popular"])
    template = np.where(freeform, salted(prompt, "own-template"), np.where(is_popular, popular, own))
    material = np.where(marks["paired"], combined(keys["account_day"], place // 2), salted(prompt, "material"))
    # A graded answer is one that the neighbour in the ring (or the account itself) got earlier that day.
    graded_place = np.minimum(2 * (place // 4), np.maximum(keys["ring_count"] - 1, 0))
    graded = salted(combined(keys["ring_day"], graded_place), "response")
    in_ring = marks["grading"] & (traits["ring"] > 0) & (keys["ring_count"] > 0)
    return {
        "prompt_hash": np.where(keys["turn"] > 0, salted(rows, "follow-up"), prompt),
        "prompt_template_hash": template,
        "input_content_hash": np.where(in_ring, salted(graded, "material"), material),
        "has_material": ~freeform,
        "graded_content_hash": np.where(in_ring, graded, salted(rows, "graded")),
        "response_hash": salted(rows, "response"),
        "system_prompt_hash": salted(traits["system_key"], "system"),
    }


def topics(traits: Columns, home: I64, account_day: U64, rows: U64, place: I64) -> I64:
    """Return codes of TOPICS: a home topic with a share `focus`, others over `span` topics, sweeps in blocks of
    five."""
    first = np.where(traits["topic"] >= 0, traits["topic"], home).astype(np.int64)
    span = np.maximum(traits["span"], 1).astype(np.int64)
    wandering = (uniform(rows, "topic") ** 1.3 * span).astype(np.int64)
    start = (uniform(account_day, "sweep") * span).astype(np.int64)
    swept = (start + place // 5) % span
    step = np.where(traits["sweep"] > 0, swept, wandering)
    focused = uniform(rows, "focus") < traits["focus"]
    return np.where(focused, first, (first + step) % len(cat.TOPICS)).astype(np.int64)


def tokens(traits: Columns, marks: Columns, rows: U64, turn: I64, model: I64) -> Columns:
    """Return token counts and how generation ended, before failures are known."""
    asked = np.exp(traits["input"] + traits["input_sigma"] * normal(rows, "input")) * (1.0 + 0.35 * turn)
    length = traits["output"] + np.where(marks["reasoning"] & (traits["output"] < 6.5), 0.7, 0.0)
    length = np.where(marks["grading"], 4.2, length)
    sigma = np.where(marks["grading"], 0.4, traits["output_sigma"])
    answered = np.exp(length + sigma * normal(rows, "output"))
    ceiling = np.where(traits["max_tokens"] > 0, traits["max_tokens"], 16_384)
    cut = answered >= ceiling
    output = np.where(model == cat.EMBED, 0, np.clip(np.floor(answered), 1, ceiling)).astype(np.int64)
    entered = np.clip(np.floor(asked), 4, 180_000).astype(np.int64)
    cached = (uniform(rows, "cache") < traits["cache"]) & ((turn > 0) | (uniform(rows, "cache.first") < 0.3))
    thinking = (uniform(rows, "thinking") < traits["thinking"]) & (model != cat.EMBED)
    return {
        "input_tokens": entered,
        "output_tokens": output,
        "cache_read": np.where(cached, np.floor(entered * (0.5 + 0.45 * uniform(rows, "cached"))), 0).astype(np.int64),
        "reasoning_tokens": np.where(thinking, np.floor(output * (0.2 + 0.5 * uniform(rows, "thought"))), 0).astype(np.int64),
        "thinking": thinking,
        "cut": cut,
    }
