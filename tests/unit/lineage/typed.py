"""Whether an event is what the specification's classes say: they are generated from its JSON Schemas, and check no types."""

import types
import typing
from collections.abc import Iterator
from typing import Any

import attr


def faults(value: Any, hint: Any, where: str = "event") -> Iterator[str]:
    """Yield where a value, or what it holds, is of another type than its class declares."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return
    if origin in {typing.Union, types.UnionType}:
        if not any(not list(faults(value, each, where)) for each in arguments):
            yield f"{where}: {value!r} is none of {hint}"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
            return
        for number, each in enumerate(value):
            yield from faults(each, arguments[0], f"{where}[{number}]")
    elif origin is dict:
        for key, each in value.items():
            yield from faults(key, arguments[0], f"{where} key")
            yield from faults(each, arguments[1], f"{where}.{key}")
    elif not isinstance(value, (float, int) if hint is float else hint):
        yield f"{where}: {value!r} is no {hint}"
    elif attr.has(type(value)):
        hints = typing.get_type_hints(type(value))
        for field in attr.fields(type(value)):
            yield from faults(getattr(value, field.name), hints[field.name], f"{where}.{field.name}")
