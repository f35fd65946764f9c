"""Runs the verbs named, or every one, in turn: ``python -m benchmarks [VERB ...]``."""

import pkgutil
import sys
from importlib import import_module

import benchmarks

VERBS = [
    name
    for _, name, _ in pkgutil.iter_modules(benchmarks.__path__)
    if not name.startswith("_") and hasattr(import_module(f"benchmarks.{name}"), "main")
]

if unknown := [name for name in sys.argv[1:] if name not in VERBS]:
    sys.exit(f"no such verb: {', '.join(unknown)}; there are {', '.join(VERBS)}")
for name in sys.argv[1:] or VERBS:
    verb = import_module(f"benchmarks.{name}")
    print(f"== {name}: {(verb.__doc__ or '').splitlines()[0]}", flush=True)
    verb.main()
    print(flush=True)
