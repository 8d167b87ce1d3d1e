"""Doors from Python into compiled code: made once, kept on disk as machine code, opened without the compiler.

Importing numba and getting it ready to load what it has kept itself takes most of a second (measured: 0.3 s and 0.4 s).
A door takes and returns plain numbers, an address among them, so that a pointer to a function is all it needs.
"""

from __future__ import annotations

import ctypes
import functools
import inspect
import json
import os
import pathlib
from collections.abc import Callable
from typing import Any

from sim import kept

#: What is compiled, and what compiles.
_ROOMS = ("chance.py", "compiled", "models", "state", "kernel", "park/classes.py", "park/network.py")
_PACKAGES = ("numba", "llvmlite", "numpy")


class Door:
    """A function that is compiled with all that it calls when it is called first, once a machine.

    Args:
        function: of whole numbers, and of numbers where its signature says float; returns a whole number or nothing.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.py_func = function
        functools.update_wrapper(self, function)
        told = inspect.signature(function).parameters.values()
        self._kinds = tuple(float if x.annotation in (float, "float") else int for x in told)
        self._open: Callable[..., Any] | None = None

    def __call__(self, *given: Any) -> Any:
        """Call it from Python."""
        if self._open is None and not self.ready():
            self._make()
        assert self._open is not None
        return self._open(*given)

    def ready(self) -> bool:
        """Whether it can be called without being compiled first."""
        if self._open is None:
            data = kept.find("code", self._name)
            if data is not None:
                self._open = self._opened(data)
        return self._open is not None

    @functools.cached_property
    def _name(self) -> str:
        """What its code is kept under: sources, processor, signature."""
        import llvmlite.binding as llvm  # here and below: not needed without the compiler

        features = llvm.get_host_cpu_features().flatten()
        asked = {name: value for name, value in os.environ.items() if name.startswith("NUMBA_")}
        asked.pop("NUMBA_NUM_THREADS", None)  # no loop is shared out among threads
        told = sorted(f"{name}={value}" for name, value in asked.items())
        machine = f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {features} {told}"
        own = pathlib.Path(inspect.getfile(self.py_func)).read_bytes()
        name = f"{self.py_func.__module__}.{self.py_func.__qualname__} {self._kinds}"
        return kept.digest(kept.stamp(_ROOMS, _PACKAGES), own, machine, name)

    def _make(self) -> None:
        """Compile it, and keep what is made."""
        from sim.compiled import parts

        symbol, outside, code = parts.compiled(self.py_func, self._kinds)
        data = json.dumps([symbol, outside]).encode() + b"\n" + code
        kept.keep("code", self._name, data)
        self._open = self._opened(data)

    def _opened(self, data: bytes) -> Callable[..., Any]:
        """Load machine code; the same way whether it was made just now or long ago."""
        head, _, code = data.partition(b"\n")
        symbol, outside = json.loads(head)
        words = {int: ctypes.c_int64, float: ctypes.c_double}
        kinds: list[Any] = [ctypes.c_void_p, ctypes.c_void_p, *(words[kind] for kind in self._kinds)]
        native = ctypes.PYFUNCTYPE(ctypes.c_int32, *kinds)(_address(symbol, outside, code))

        def call(*given: Any) -> int:
            found, raised = ctypes.c_int64(0), ctypes.c_void_p(None)
            failed = native(ctypes.byref(found), ctypes.byref(raised), *given)
            if failed:
                raise RuntimeError(f"{self.py_func.__qualname__}: compiled code gave up ({failed})")
            return found.value

        return call


#: Machine code is there as long as what loaded it.
_loaded: list[Any] = []


def _address(symbol: str, outside: list[str], code: bytes) -> int:
    """Where a function of some machine code is, that calls functions from outside."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    if not all(llvm.address_of_symbol(name) for name in outside):
        from sim.compiled import parts  # noqa: F401 - the compiler brings what is not in every process
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _loaded.append(engine)
    return int(engine.get_function_address(symbol))
