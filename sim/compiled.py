"""The only door to numba: its flags, a cache keyed by all compiled sources, and tables handed over by address.

Numba's own cache runs stale code after an edit in another file, so it is pointed at a folder named by a hash of every
source in this package that is compiled, and numba's version.

A world has some forty arrays. Handed over as arrays, each call between compiled functions that is not inlined would
copy some 270 words (measured: 1.9 us a vehicle-step, 71 s to compile). So compiled code gets one word: the address of a
block of addresses. `w.vehicles[row].speed` is then two loads, and reads the same with and without the compiler.
"""

from __future__ import annotations

import hashlib
import operator
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_PACKAGE = pathlib.Path(__file__).parent
_COMPILED_ROOMS = ("chance.py", "compiled.py", "models", "state", "kernel", "park/network.py")

#: Without the compiler every function runs as plain Python (slow; the same bits): for tests and debuggers.
PLAIN = os.environ.get("PILOTZONE_PLAIN", "") == "1"


def _fingerprint(version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for room in _COMPILED_ROOMS:
        path = _PACKAGE / room
        for source in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder(version: str) -> pathlib.Path:
    """Folder for compiled code: the user's cache, else the temporary folder."""
    name = f"numba-{_fingerprint(version)}"
    home = os.environ.get("PILOTZONE_CACHE") or os.environ.get("XDG_CACHE_HOME")
    try:
        root = pathlib.Path(home) if home else pathlib.Path.home() / ".cache"
        folder = root / "pilotzone" / name
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):
        pass
    return pathlib.Path(tempfile.gettempdir()) / f"pilotzone-{name}"


def arrays_of(tables: Any) -> Iterator[tuple[str, np.ndarray]]:
    """Names and arrays of a (nested) NamedTuple of arrays, in order."""
    for name, value in zip(tables._fields, tables, strict=True):
        if isinstance(value, tuple):
            yield from arrays_of(value)
        else:
            yield name, value


def addresses(tables: Any) -> np.ndarray:
    """Addresses of all arrays, (arrays,) int64; the arrays must outlive their use."""
    return np.array([array.ctypes.data for _, array in arrays_of(tables)], np.int64)


if PLAIN:

    def inline(function: Callable[..., Any]) -> Callable[..., Any]:
        """Leave the function as it is."""
        return function

    cached = inline
    CACHE: pathlib.Path | None = None

    def opener(layout: dict[str, np.dtype[Any]], groups: tuple[str, ...]) -> Callable[..., Any]:
        """Open tables: here they are open already."""
        return lambda tables: tables

else:
    import numba
    from llvmlite import ir
    from numba.core import cgutils, codegen, compiler, registry, typed_passes, types
    from numba.core.compiler_machinery import register_pass
    from numba.core.datamodel import models, register_default
    from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
    from numba.extending import intrinsic, lower_builtin, lower_getattr_generic

    CACHE = _cache_folder(numba.__version__)
    numba.config.CACHE_DIR = str(CACHE)

    #: Compiled once and kept on disk; for functions at module level only. `error_model="numpy"` drops the zero-division
    #: checks (7.7 x on an IDM loop, same bits).
    cached = numba.njit(error_model="numpy", cache=True)

    class _Part(codegen.JITCodeLibrary):  # type: ignore[misc]
        """Code of a function that is only compiled into others: neither optimised by itself nor made to run.

        Numba would do both for each function, with all that it calls, over and over.
        """

        _shared_module: Any

        def finalize(self) -> None:
            """Be ready to be taken by others; what one itself needs is taken only then."""
            self._raise_if_finalized()
            for function in self._final_module.functions:
                if not function.is_declaration:
                    function.linkage = "linkonce_odr"
            self._finalized = True

        def _get_module_for_linking(self) -> Any:
            if self._shared_module is None:
                self._shared_module = self._final_module.clone()
                seen, ahead = {self}, [*self._linking_libraries]
                while ahead:
                    library = ahead.pop(0)
                    if library not in seen:
                        seen.add(library)
                        part = isinstance(library, _Part)
                        module = library._final_module if part else library._get_module_for_linking()
                        self._shared_module.link_in(module, preserve=True)
                        ahead += library._linking_libraries if part else []
            return self._shared_module

    @register_pass(mutates_CFG=True, analysis_only=False)
    class _PartLowering(typed_passes.NativeLowering):  # type: ignore[misc]
        _name = "part_lowering"

        def run_pass(self, state: Any) -> bool:
            """Make code that others can call, but Python can not."""
            state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
            super().run_pass(state)
            name = object()
            state.targetctx.insert_user_function(name, state.cr.fndesc, [state.library])
            state["cr"] = state.cr._replace(cfunc=name)
            return True

    class _PartCompiler(compiler.CompilerBase):  # type: ignore[misc]
        def define_pipelines(self) -> list[Any]:
            """Numba's own way but for the end."""
            flags = self.state.flags
            flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
            way = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
            mine = {typed_passes.NativeLowering: _PartLowering}
            idle = typed_passes.NopythonRewrites  # of expressions with whole arrays
            way.passes = [(mine.get(p, p), told) for p, told in way.passes if p is not idle]
            return [way]

    def _plain(kind: Any) -> Any:
        """Type an argument is taken as."""
        kind = types.unliteral(kind)  # type: ignore[attr-defined]
        return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind

    class _Inline(registry.CPUDispatcher):  # type: ignore[misc]
        """A function that is compiled into its callers; called from Python it is compiled as it is."""

        def __init__(self, function: Callable[..., Any]) -> None:
            super().__init__(function, {}, {"nopython": True, "error_model": "numpy"}, _PartCompiler)
            self._whole: Any = None

        def get_call_template(self, args: Any, kws: Any) -> Any:
            """Compile one function for all kinds of whole numbers, known ones and short ones among them."""
            plain = {name: _plain(kind) for name, kind in kws.items()}
            return super().get_call_template(tuple(map(_plain, args)), plain)

        def add_overload(self, cres: Any) -> None:
            """Remember what was compiled, for compiled callers only."""
            self.overloads[tuple(cres.signature.args)] = cres

        def __call__(self, *args: Any) -> Any:
            """Call it from Python."""
            if self._whole is None:
                self._whole = numba.njit(error_model="numpy")(self.py_func)
            return self._whole(*args)

    inline = _Inline  # type: ignore[assignment]

    class _Rows(types.Type):  # type: ignore[misc]
        """Rows of one table, by the address of the first."""

        def __init__(self, dtype: np.dtype[Any]) -> None:
            self.row = numba.from_dtype(dtype)
            self.bytes = dtype.itemsize
            super().__init__(name=f"Rows({dtype})")

    class _Tables(types.Type):  # type: ignore[misc]
        """All tables, by the address of their addresses; a group's name leads back to the same tables."""

        def __init__(self, layout: dict[str, np.dtype[Any]], groups: tuple[str, ...]) -> None:
            self.rows = {name: _Rows(dtype) for name, dtype in layout.items()}
            self.groups = groups
            name = hashlib.sha256(f"{layout}{groups}".encode()).hexdigest()[:16]  # is part of every function's name
            super().__init__(name=f"Tables({name})")

    @register_default(_Rows)
    @register_default(_Tables)
    class _AddressModel(models.PrimitiveModel):  # type: ignore[misc]
        def __init__(self, dmm: Any, fe_type: Any) -> None:
            super().__init__(dmm, fe_type, ir.IntType(64))

    @infer_getattr
    class _TablesAttributes(AttributeTemplate):  # type: ignore[misc]
        key = _Tables

        def generic_resolve(self, tables: _Tables, name: str) -> Any:
            return tables if name in tables.groups else tables.rows.get(name)

    @lower_getattr_generic(_Tables)
    def _table_of(context: Any, builder: Any, typ: _Tables, value: Any, name: str) -> Any:
        if name in typ.groups:
            return value
        place = builder.inttoptr(value, ir.IntType(64).as_pointer())
        place = builder.gep(place, [ir.Constant(ir.IntType(64), list(typ.rows).index(name))])
        return builder.load(place)

    @infer_global(operator.getitem)
    class _RowsGet(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:
            if isinstance(args[0], _Rows) and isinstance(args[1], types.Integer):
                return signature(args[0].row, args[0], types.int64)
            return None

    @infer_global(operator.setitem)
    class _RowsSet(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, kws: Any) -> Any:
            if isinstance(args[0], _Rows) and isinstance(args[1], types.Integer):
                return signature(types.none, args[0], types.int64, args[0].row)
            return None

    def _row_address(context: Any, builder: Any, rows: _Rows, base: Any, index: Any) -> Any:
        at = builder.add(base, builder.mul(index, ir.Constant(ir.IntType(64), rows.bytes)))
        if isinstance(rows.row, types.Record):
            return builder.inttoptr(at, context.get_value_type(rows.row))
        return builder.inttoptr(at, context.get_data_type(rows.row).as_pointer())

    @lower_builtin(operator.getitem, _Rows, types.Integer)
    def _row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _row_address(context, builder, sig.args[0], *args)
        if isinstance(sig.return_type, types.Record):
            return place
        return context.unpack_value(builder, sig.return_type, place)

    @lower_builtin(operator.setitem, _Rows, types.Integer, types.Any)
    def _set_row(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _row_address(context, builder, sig.args[0], args[0], args[1])
        context.pack_value(builder, sig.args[2], args[2], place)
        return cgutils.get_null_value(context.get_value_type(types.none))

    def opener(layout: dict[str, np.dtype[Any]], groups: tuple[str, ...]) -> Callable[..., Any]:
        """Compiled function that opens tables of a layout by the address of their addresses."""
        made = _Tables(layout, groups)

        @intrinsic  # type: ignore[untyped-decorator]
        def open_tables(typing: Any, address: Any) -> Any:
            def keep(context: Any, builder: Any, sig: Any, args: Any) -> Any:
                return args[0]

            return made(types.int64), keep

        return open_tables  # type: ignore[no-any-return]


def is_warm() -> bool:
    """Whether compiled code of exactly these sources lies in the cache."""
    return CACHE is None or any(CACHE.rglob("*.nbc"))
