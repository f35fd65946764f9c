"""Runs the verbs named, or every one: ``python -m benchmarks [VERB ...]``; one alone may have options."""

import pkgutil
import sys
from importlib import import_module

import benchmarks

VERBS = [
    name
    for _, name, _ in pkgutil.iter_modules(benchmarks.__path__)
    if not name.startswith("_") and hasattr(import_module(f"benchmarks.{name}"), "main")
]

asked = sys.argv[1:]
first = next((at for at, each in enumerate(asked) if each.startswith("-")), len(asked))
named, options = asked[:first], asked[first:]
if unknown := [name for name in named if name not in VERBS]:
    sys.exit(f"no such verb: {', '.join(unknown)}; there are {', '.join(VERBS)}")
if options and len(named) != 1:
    sys.exit("options belong to one verb: python -m benchmarks VERB [OPTION ...]")
for name in named or VERBS:
    verb = import_module(f"benchmarks.{name}")
    print(f"== {name}: {(verb.__doc__ or '').splitlines()[0]}", flush=True)
    if options:
        verb.main(options)
    else:
        verb.main()
    print(flush=True)
