"""Immutable values: what `dataclass(frozen=True, slots=True)` makes, without writing code at every start.

A dataclass has its methods written out and compiled anew each time it is imported. On a desk that is half a millisecond
and 14 kB for each; the five dozen of this house made a tenth of the start and a megabyte of the memory. These share
their methods, and cost a fiftieth. Type checkers take them for dataclasses (PEP 681).
"""

import sys
from typing import Any, Final, TypeVar, dataclass_transform

_MISSING: Final = object()
_set = object.__setattr__


class _Hidden:
    """A field's default, with the wish that nobody shows the field."""

    __slots__ = ("default",)

    def __init__(self, default: object) -> None:
        self.default = default


def hidden(*, default: Any = _MISSING) -> Any:
    """A field that no `repr` shows: a TV is a public place, and logs are read by many."""
    return _Hidden(default)


@dataclass_transform(frozen_default=True, field_specifiers=(hidden,))
class _Kind(type):
    """Makes a slot of each annotated name, and keeps what stands behind it as its default."""

    __match_args__: tuple[str, ...]
    _defaults: dict[str, object]
    _hidden: frozenset[str]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> "_Kind":
        own = _annotated(body)
        given = {field: body.pop(field) for field in own if field in body}
        unseen = {field for field, default in given.items() if isinstance(default, _Hidden)}
        given = {field: each.default if isinstance(each, _Hidden) else each for field, each in given.items()}
        inherited = [base for base in bases if isinstance(base, _Kind)]
        names = (*(field for base in inherited for field in base.__match_args__), *own)
        made = super().__new__(cls, name, bases, {**body, "__slots__": own, "__match_args__": names})
        made._defaults = {field: each for base in inherited for field, each in base._defaults.items()}
        made._defaults |= {field: each for field, each in given.items() if each is not _MISSING}
        made._hidden = frozenset(unseen).union(*(base._hidden for base in inherited))
        return made


def _annotated(body: dict[str, Any]) -> tuple[str, ...]:
    """The names that a class body annotates, in their order."""
    if sys.version_info >= (3, 14):  # where they are worked out only when asked for: PEP 649
        from annotationlib import Format, call_annotate_function, get_annotate_from_class_namespace

        annotate = get_annotate_from_class_namespace(body)
        return tuple(call_annotate_function(annotate, Format.FORWARDREF)) if annotate else ()
    return tuple(body.get("__annotations__", ()))


class Value(metaclass=_Kind):
    """A value: equal to another of its class with equal fields, and never another than it is."""

    __slots__ = ()

    def __init__(self, *values: object, **named: object) -> None:
        fields, defaults = type(self).__match_args__, type(self)._defaults
        if len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} has no more than {len(fields)} fields")
        for field, value in zip(fields, values, strict=False):
            _set(self, field, value)
        for field in fields[len(values) :]:
            value = named.pop(field, _MISSING)
            if value is _MISSING:
                value = defaults.get(field, _MISSING)
            if value is _MISSING:
                raise TypeError(f"{type(self).__name__} needs {field}")
            _set(self, field, value)
        if named:
            raise TypeError(f"{type(self).__name__} has no place for {', '.join(named)}")

    def __eq__(self, other: object) -> bool:
        return _all(self) == _all(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(_all(self))

    def __repr__(self) -> str:
        shown = (field for field in type(self).__match_args__ if field not in type(self)._hidden)
        return f"{type(self).__qualname__}({', '.join(f'{field}={getattr(self, field)!r}' for field in shown)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} is not for changing")

    def __reduce__(self) -> tuple[type["Value"], tuple[object, ...]]:
        # Copies, and what goes to another process, are made anew: the usual way sets attribute after attribute.
        return type(self), _all(self)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} is not for taking away")


V = TypeVar("V", bound=Value)


def replace(value: V, **changes: object) -> V:
    """The same value but for these fields.

    Raises:
        TypeError: it has no such field.
    """
    return type(value)(**{**dict(zip(fields(type(value)), _all(value), strict=True)), **changes})


def fields(kind: type[Value]) -> tuple[str, ...]:
    """The names of its fields, in their order."""
    return kind.__match_args__


def _all(value: object) -> tuple[object, ...]:
    return tuple([getattr(value, field) for field in type(value).__match_args__])  # type: ignore[attr-defined]
