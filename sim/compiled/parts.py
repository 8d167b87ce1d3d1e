"""How functions are compiled: as parts of others, made once and not run by themselves, and as wholes of such parts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any

import llvmlite.binding as ll
import numba
from numba.core import codegen, compiler, registry, typed_passes, types, untyped_passes
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import register_pass

#: `error_model="numpy"` drops the zero-division checks (7.7 x on an IDM loop, same bits).
OPTIONS = {"error_model": "numpy"}
#: What the compiler is told of functions where it shall not find out by itself whether they go into their callers:
#: `alwaysinline`, or `noinline`.
_TOLD: dict[Callable[..., Any], str] = {}


class _Part(codegen.JITCodeLibrary):  # type: ignore[misc]
    """Code of a function that is only compiled into others: neither optimised by itself nor made to run.

    Numba would do both for each function, with all that it calls, over and over.
    """

    _shared_module: Any

    told = ""

    def finalize(self) -> None:
        """Be ready to be taken by others; what one itself needs is taken only then."""
        self._raise_if_finalized()
        for function in self._final_module.functions:
            if not function.is_declaration:
                function.linkage = "linkonce_odr"
                if self.told:
                    function.add_function_attribute(self.told)
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


class _Whole(codegen.JITCodeLibrary):  # type: ignore[misc]
    """Code of a function with all that is compiled into it."""

    def _optimize_final_module(self) -> None:
        """Optimise it, knowing that nobody else calls its parts.

        Whatever is called from Python is such a whole: one that shared its parts would look for them in the others.
        """
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == ll.Linkage.linkonce_odr:
                function.linkage = "internal"
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class _Kept(_Whole):
    """Such code that is not made to run here, but kept."""

    def _finalize_final_module(self) -> None:
        """Be whole."""
        self._verify_declare_only_symbols()
        self._finalized = True


class _Flags(compiler.Flags):  # type: ignore[misc]
    """Flags that are equal where the same ones are set: numba compares all 30 of them, over and over."""

    _HASH = hash(compiler.Flags())

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, compiler.Flags) and self._values == other._values)

    def __hash__(self) -> int:
        return self._HASH


class _Compiler(compiler.CompilerBase):  # type: ignore[misc]
    def __init__(self, typing: Any, target: Any, library: Any, args: Any, gives: Any, flags: Any, known: Any) -> None:
        super().__init__(typing, target, library, args, gives, _Flags(flags), known)


@register_pass(mutates_CFG=True, analysis_only=False)
class _WholeLowering(typed_passes.NativeLowering):  # type: ignore[misc]
    _name = "whole_lowering"

    def run_pass(self, state: Any) -> bool:
        """Make code that is optimised as a whole."""
        kind = _Kept if state.flags.no_compile else _Whole
        state.library = kind(state.targetctx.codegen(), state.func_id.func_qualname)
        return bool(super().run_pass(state))


class WholeCompiler(_Compiler):
    """Numba's own way, but for what is known of a function's parts."""

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Compile it; of what that makes nothing is garbage before it is done, so nobody need look for it."""
        looking = gc.isenabled()
        gc.disable()
        try:
            return super().compile_extra(function)
        finally:
            if looking:
                gc.enable()

    def define_pipelines(self) -> list[Any]:
        """The one way."""
        way = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        mine = {typed_passes.NativeLowering: _WholeLowering}
        way.passes = [(mine.get(p, p), told) for p, told in way.passes]
        return [way]


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(typed_passes.NativeLowering):  # type: ignore[misc]
    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        """Make code that others can call, but Python can not."""
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.told = _TOLD.get(state.func_id.func, "")
        super().run_pass(state)
        name = object()
        state.targetctx.insert_user_function(name, state.cr.fndesc, [state.library])
        state["cr"] = state.cr._replace(cfunc=name)
        return True


class _PartCompiler(_Compiler):
    def define_pipelines(self) -> list[Any]:
        """Numba's own way but for the end."""
        flags = self.state.flags
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        way = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        mine = {typed_passes.NativeLowering: _PartLowering}
        idle = typed_passes.NopythonRewrites, untyped_passes.InlineClosureLikes  # of whole arrays; of inner functions
        way.passes = [(mine.get(p, p), told) for p, told in way.passes if p not in idle]
        return [way]


def compiled(function: Callable[..., Any], kinds: Sequence[type]) -> tuple[str, list[str], bytes]:
    """Machine code of a function of some numbers: its name there, names of what it calls outside, the code itself."""
    target, flags = registry.cpu_target, compiler.Flags()
    target.options.parse_as_flags(flags, {"nopython": True, **OPTIONS})
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    words = tuple({int: types.int64, float: types.float64}[kind] for kind in kinds)
    with global_compiler_lock:
        target.typing_context.refresh()
        target.target_context.refresh()
        made = compiler.compile_extra(
            target.typing_context, target.target_context, function, words, None, flags, {}, pipeline_class=WholeCompiler
        )
        made.library.finalize()
        assert made.signature.return_type in (types.int64, types.none), made.signature
        module = made.library._final_module
        outside = [x.name for x in module.functions if x.is_declaration and not x.name.startswith("llvm.")]
        return made.fndesc.llvm_func_name, outside, made.library._codegen._tm.emit_object(module)


def kind_of(made: Any) -> Any:
    """Type of a function of compiled code."""
    context = registry.cpu_target.typing_context
    if not isinstance(made, Inline):
        context.refresh()  # else it does not know what is new
    return context.resolve_value_type(made)


def _plain(kind: Any) -> Any:
    """Type an argument is taken as."""
    kind = types.unliteral(kind)  # type: ignore[attr-defined]
    return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind


class Inline(registry.CPUDispatcher):  # type: ignore[misc]
    """A function that is compiled into its callers; called from Python it is compiled as it is."""

    def __init__(self, function: Callable[..., Any], told: str = "") -> None:
        if told:
            _TOLD[function] = told
        super().__init__(function, {}, {"nopython": True, **OPTIONS}, _PartCompiler)
        self._whole: Any = None

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Compile one function for all kinds of whole numbers, known ones and short ones among them."""
        plain = {name: _plain(kind) for name, kind in kws.items()}
        return super().get_call_template(tuple(map(_plain, args)), plain)

    def compile(self, sig: Any) -> None:
        """Compile it for some types, once; nobody asks how long that took, or keeps a part by itself."""
        if tuple(sig) not in self.overloads:
            self.add_overload(self._compiler.compile(sig, None))

    def add_overload(self, cres: Any) -> None:
        """Remember what was compiled, for compiled callers only."""
        self.overloads[tuple(cres.signature.args)] = cres

    def __call__(self, *args: Any) -> Any:
        """Call it from Python."""
        if self._whole is None:
            self._whole = numba.njit(pipeline_class=WholeCompiler, **OPTIONS)(self.py_func)
        return self._whole(*args)
