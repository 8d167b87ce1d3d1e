"""Tables in compiled code: a world is one word, the address of a block of addresses.

The optimiser is told what it cannot see: that addresses and constant tables do not change while compiled code runs,
and that a column's values are changed under that column's name only. So it need not read again after each writing.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models, register_default
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_getattr_generic, lower_setattr_generic

BYTES = ir.IntType(8).as_pointer()


def _digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:12]


class Row(types.Type):  # type: ignore[misc]
    """A row of a table with columns, by its address."""

    def __init__(self, dtype: np.dtype[Any], constant: bool) -> None:
        self.bytes, self.constant = dtype.itemsize, constant
        fields: Any = dtype.fields or {}
        self.columns = {name: (numba.from_dtype(kind[0]), kind[1]) for name, kind in fields.items()}
        self.tag = _digest(dtype)
        super().__init__(name=f"Row({self.tag}{constant})")


class Rows(types.Type):  # type: ignore[misc]
    """Rows of one table, by the address of the first; a list has rows of one value."""

    def __init__(self, name: str, dtype: np.dtype[Any], constant: bool) -> None:
        self.bytes, self.constant = dtype.itemsize, constant
        self.row = Row(dtype, constant) if dtype.names else numba.from_dtype(dtype)
        self.tag = self.row.tag if dtype.names else name
        super().__init__(name=f"Rows({self.tag}{dtype.itemsize}{constant})")


class Tables(types.Type):  # type: ignore[misc]
    """All tables, by the address of their addresses; a group's name leads back to the same tables."""

    def __init__(self, layout: dict[str, np.dtype[Any]], groups: tuple[str, ...], constant: frozenset[str]) -> None:
        self.rows = {name: Rows(name, dtype, name in constant) for name, dtype in layout.items()}
        self.groups = groups
        super().__init__(name=f"Tables({_digest((layout, groups, sorted(constant)))})")


@register_default(Row)
@register_default(Rows)
@register_default(Tables)
class _AddressModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, BYTES)


def _same(builder: Any, name: str, constant: bool) -> Any:
    """Mark of all values of a column or list: others are not changed with them."""
    add, zero = builder.module.add_metadata, ir.Constant(ir.IntType(64), 0)
    kind = add([ir.MetaDataString(builder.module, name), add([ir.MetaDataString(builder.module, "PilotZone")]), zero])
    return add([kind, kind, zero, ir.Constant(ir.IntType(64), int(constant))])


def _load(context: Any, builder: Any, kind: Any, place: Any, name: str, constant: bool) -> Any:
    model = context.data_model_manager[kind]
    data = builder.load(builder.bitcast(place, model.get_data_type().as_pointer()))
    data.set_metadata("tbaa", _same(builder, name, constant))
    if constant:
        data.set_metadata("invariant.load", builder.module.add_metadata([]))
    return model.from_data(builder, data)


def _store(context: Any, builder: Any, kind: Any, place: Any, name: str, value: Any) -> None:
    model = context.data_model_manager[kind]
    place = builder.bitcast(place, model.get_data_type().as_pointer())
    builder.store(model.as_data(builder, value), place).set_metadata("tbaa", _same(builder, name, False))


@infer_getattr
class _TablesAttributes(AttributeTemplate):  # type: ignore[misc]
    key = Tables

    def generic_resolve(self, tables: Tables, name: str) -> Any:
        return tables if name in tables.groups else tables.rows.get(name)


@lower_getattr_generic(Tables)
def _table_of(context: Any, builder: Any, typ: Tables, value: Any, name: str) -> Any:
    if name in typ.groups:
        return value
    place = builder.bitcast(value, BYTES.as_pointer())
    place = builder.gep(place, [ir.Constant(ir.IntType(64), list(typ.rows).index(name))])
    address = builder.load(place)
    address.set_metadata("invariant.load", builder.module.add_metadata([]))
    return address


@infer_getattr
class _RowAttributes(AttributeTemplate):  # type: ignore[misc]
    key = Row

    def generic_resolve(self, row: Row, name: str) -> Any:
        return row.columns[name][0] if name in row.columns else None


def _column(builder: Any, row: Row, address: Any, name: str) -> Any:
    return builder.gep(address, [ir.Constant(ir.IntType(64), row.columns[name][1])], inbounds=True)


@lower_getattr_generic(Row)
def _value_of(context: Any, builder: Any, typ: Row, value: Any, name: str) -> Any:
    place = _column(builder, typ, value, name)
    return _load(context, builder, typ.columns[name][0], place, f"{typ.tag}.{name}", typ.constant)


@lower_setattr_generic(Row)
def _set_value(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    row, kind = sig.args[0], sig.args[0].columns[name][0]
    assert not row.constant, f"{name} is a column of a constant table"
    value = context.cast(builder, args[1], sig.args[1], kind)
    _store(context, builder, kind, _column(builder, row, args[0], name), f"{row.tag}.{name}", value)


@infer_global(operator.getitem)
class _RowsGet(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], Rows) and isinstance(args[1], types.Integer):
            return signature(args[0].row, args[0], types.int64)
        return None


@infer_global(operator.setitem)
class _RowsSet(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, kws: Any) -> Any:
        if isinstance(args[0], Rows) and isinstance(args[1], types.Integer):
            return signature(types.none, args[0], types.int64, args[0].row)
        return None


def _row_address(builder: Any, rows: Rows, first: Any, index: Any) -> Any:
    return builder.gep(first, [builder.mul(index, ir.Constant(ir.IntType(64), rows.bytes))], inbounds=True)


@lower_builtin(operator.getitem, Rows, types.Integer)
def _row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    rows = sig.args[0]
    place = _row_address(builder, rows, *args)
    if isinstance(rows.row, Row):
        return place
    return _load(context, builder, rows.row, place, rows.tag, rows.constant)


@lower_builtin(operator.setitem, Rows, types.Integer, types.Any)
def _set_row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    rows = sig.args[0]
    assert not rows.constant, f"{rows.tag} is constant"
    place = _row_address(builder, rows, args[0], args[1])
    if isinstance(rows.row, Row):
        cgutils.raw_memcpy(builder, place, args[2], ir.Constant(ir.IntType(64), rows.bytes), 1)
    else:
        _store(context, builder, rows.row, place, rows.tag, args[2])
    return cgutils.get_null_value(context.get_value_type(types.none))


@intrinsic  # type: ignore[untyped-decorator]
def trailing_zeros(typing: Any, word: Any) -> Any:
    """Place of the lowest bit that is set; the word must not be 0."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), count


@intrinsic  # type: ignore[untyped-decorator]
def match(typing: Any, words: Any, first: Any, word: Any, bits: Any) -> Any:
    """Which of eight words of a list, from a place on, is a word but for so many of its lowest bits; 8: none is."""

    def compare(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        one, whole = ir.IntType(32), ir.IntType(64)
        eight = ir.VectorType(one, 8)
        place = _row_address(builder, sig.args[0], args[0], args[1])
        found = builder.load(builder.bitcast(place, eight.as_pointer()), align=4)
        wanted, least = (_eightfold(builder, builder.trunc(x, one)) for x in args[2:])
        differ = builder.lshr(builder.xor(found, wanted), least)
        alike = builder.icmp_unsigned("==", differ, ir.Constant(eight, [0] * 8))
        marks = builder.zext(builder.bitcast(alike, ir.IntType(8)), whole)
        return builder.cttz(builder.or_(marks, ir.Constant(whole, 1 << 8)), ir.Constant(ir.IntType(1), 1))

    return types.int64(words, types.int64, types.int64, types.int64), compare


def _eightfold(builder: Any, value: Any) -> Any:
    """Eight times the same value, side by side."""
    alone = ir.Constant(ir.VectorType(value.type, 8), ir.Undefined)
    first = builder.insert_element(alone, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, alone, ir.Constant(ir.VectorType(ir.IntType(32), 8), [0] * 8))


@intrinsic  # type: ignore[untyped-decorator]
def fetch(typing: Any, rows: Any, index: Any, line: Any) -> Any:
    """Have a line of a row fetched into the cache, so that nobody waits for it who reads it soon."""

    def ask(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _row_address(builder, sig.args[0], args[0], args[1])
        place = builder.gep(place, [builder.mul(args[2], ir.Constant(ir.IntType(64), 64))])
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [BYTES, whole, whole, whole])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [place, ir.Constant(whole, 0), ir.Constant(whole, 3), ir.Constant(whole, 1)])
        return context.get_dummy_value()

    return types.none(rows, types.int64, types.int64), ask


def opener(layout: dict[str, np.dtype[Any]], groups: tuple[str, ...], constant: frozenset[str]) -> Callable[..., Any]:
    """Compiled function that opens tables of a layout by the address of their addresses."""
    made = Tables(layout, groups, constant)

    @intrinsic  # type: ignore[untyped-decorator]
    def open_tables(typing: Any, address: Any) -> Any:
        def keep(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], BYTES)

        return made(types.int64), keep

    return open_tables  # type: ignore[no-any-return]
