"""Checks a test's parameters against the keyword arguments that it takes."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError


class ArgumentsError(Exception):
    """Parameters that a test does not take, or lacks; the message says which, in a Swedish clause."""


def bound(form: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``given`` as ``form`` takes it.

    Raises:
        ArgumentsError: a parameter is unknown, missing, or of another kind.
    """
    taken = {
        name: parameter
        for name, parameter in inspect.signature(form).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    if unknown := [name for name in given if name not in taken]:
        raise ArgumentsError(
            f"{unknown[0]} är ingen parameter; de som finns är {', '.join(taken) or 'inga'}"
        )
    lacking = [n for n, p in taken.items() if p.default is inspect.Parameter.empty]
    if lacking := [name for name in lacking if name not in given]:
        raise ArgumentsError(f"parametern {lacking[0]} saknas")
    return {name: _value(name, taken[name].annotation, value) for name, value in given.items()}


def takes(form: Callable[..., Any], name: str) -> bool:
    """Tell whether ``form`` takes the parameter ``name``."""
    parameter = inspect.signature(form).parameters.get(name)
    return parameter is not None and parameter.kind is inspect.Parameter.KEYWORD_ONLY


def _value(name: str, kind: Any, value: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        shown = getattr(kind, "__name__", str(kind))
        raise ArgumentsError(f"{name} = {value!r:.40} är inte av slaget {shown}") from None
