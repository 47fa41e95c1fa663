"""Configuration files of training: spaCy's ``.cfg`` syntax, read into typed, frozen dataclasses.

A task declares its settings as a dataclass whose fields are dataclasses, one a section of the file; a value that the file
leaves out keeps its default, a name that the dataclass does not know is an error, so that a typing error is not silent.

>>> from dataclasses import make_dataclass
>>> Fit = make_dataclass("Fit", [("strength", float, 1.0), ("seed", int, 0)], frozen=True)
>>> Settings = make_dataclass("Settings", [("fit", Fit, Fit())], frozen=True)
>>> parse_config("[fit]\\nstrength = 2", Settings)
Settings(fit=Fit(strength=2.0, seed=0))
>>> parse_config("[fit]\\nstrenght = 2", Settings)
Traceback (most recent call last):
gia_nlp.learning.config.ConfigError: [fit] has no setting 'strenght'; it has: seed, strength
"""

from __future__ import annotations

import dataclasses
import types
import typing
from pathlib import Path
from typing import Any, TypeVar

Settings = TypeVar("Settings")


class ConfigError(ValueError):
    """A configuration that cannot be used, with what to change."""


def read_config(path: str | Path, settings: type[Settings]) -> Settings:
    """The settings in a file. Paths in it (fields of type ``Path``) count from the file's folder.

    Raises ``OSError`` if the file cannot be read and :class:`ConfigError` if it says something that cannot be used.
    """
    path = Path(path)
    return parse_config(path.read_text(encoding="utf-8"), settings, folder=path.parent)


def parse_config(text: str, settings: type[Settings], *, folder: Path | None = None) -> Settings:
    """The settings in a text; relative paths count from ``folder``."""
    from confection import Config, ConfigValidationError

    try:
        content = dict(Config().from_str(text))
    except (ConfigValidationError, ValueError) as error:
        raise ConfigError(str(error).strip()) from error
    return _section("", content, settings, folder)


def as_plain(settings: Any) -> dict[str, Any]:
    """Settings as plain data for a model card; paths by their names alone, so that no machine's folders are told."""

    def plain(value: Any) -> Any:
        if isinstance(value, Path):
            return value.name
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(v) for v in value]
        return value

    result: dict[str, Any] = plain(dataclasses.asdict(settings))
    return result


def _section(name: str, content: dict[str, Any], settings: type[Settings], folder: Path | None) -> Settings:
    known = typing.get_type_hints(settings)
    label = f"[{name}]" if name else "the file"
    for key in content:
        if key not in known:
            kind = "setting" if name else "section"
            raise ConfigError(f"{label} has no {kind} {key!r}; it has: {', '.join(sorted(known))}")
    values = {}
    for key, value in content.items():
        place = f"{name}.{key}" if name else key
        values[key] = _value(place, value, known[key], folder)
    try:
        return settings(**values)
    except TypeError as error:
        raise ConfigError(f"{label}: {error}") from error


def _value(place: str, value: Any, hint: Any, folder: Path | None) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise ConfigError(f"{place} must be a section")
        return _section(place, value, hint, folder)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        inner = [a for a in arguments if a is not type(None)]
        return _value(place, value, inner[0], folder)
    if origin is tuple and isinstance(value, (list, tuple)):
        return tuple(_value(place, v, arguments[0], folder) for v in value)
    if hint is Path and isinstance(value, str):
        return folder / value if folder is not None else Path(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and isinstance(value, hint) and (hint is bool) == isinstance(value, bool):
        return value
    wanted = "list" if origin is tuple else getattr(hint, "__name__", str(hint))
    raise ConfigError(f"{place} must be {wanted}, not {value!r}")
