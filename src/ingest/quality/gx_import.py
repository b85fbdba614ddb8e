"""Imports Great Expectations without scipy.stats and altair, which take half of its import and which no rule needs.

Whatever needs one of the two imports it when it first uses it (docs/decisions/0042-what-validation-costs.md).
"""

import gc
import importlib
import sys
from types import ModuleType
from typing import Any

UNUSED = ("scipy.stats", "altair")  # for statistical tests, and for plots in Great Expectations' pages


class _Deferred(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # looked up by import itself
            raise AttributeError(name)
        return getattr(importlib.import_module(self.__name__), name)


_deferred = {name: _Deferred(name) for name in UNUSED if name not in sys.modules}
sys.modules.update(_deferred)
gc.disable()  # 300,000 objects are made, none of them garbage: to look through them took a sixth of the import
try:
    import great_expectations  # noqa: F401
finally:
    gc.freeze()  # nor are they ever looked through again
    gc.enable()
    for name, module in _deferred.items():
        if sys.modules.get(name) is module:  # others import the real one
            del sys.modules[name]
