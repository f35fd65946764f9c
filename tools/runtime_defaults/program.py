"""The program that asks the runtimes' own code, put together from their modules and built."""

import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.conformance.programs import CACHE, Unavailable, build
from tools.runtime_defaults.sources import SOURCES, Part

HERE: Final = Path(__file__).parent / "program"
_FUNCTION: Final = r"^func {}\(.*?^}}\n"
_CONSTRAINT: Final = re.compile(r"^//go:build .*$", re.MULTILINE)
_PACKAGE: Final = re.compile(r"^package \w+$", re.MULTILINE)


def program() -> Path:
    """The program, built. Raises Unavailable where there is no Go, or a module cannot be had."""
    place = CACHE / f"runtime-defaults-{_digest()}"
    if not place.exists():
        fresh = place.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(HERE, fresh)
        for source in SOURCES:
            for part in (source.part, *source.also):
                _put(part, fresh / part.package)
        (fresh / "sources.go").write_text(_table())
        fresh.rename(place)
    return build(place)


def date_of(part: Part) -> str:
    """The day of the version that is taken, as 2026-10-13. Raises Unavailable."""
    return str(_module(part)["Time"])[:10]


def folder_of(part: Part) -> Path:
    """Where the files of *part* are, as its authors wrote them. Raises Unavailable."""
    return Path(_module(part)["Dir"], part.folder)


def _digest() -> str:
    made_of = [*sorted(HERE.rglob("*.*")), Path(__file__), Path(__file__).with_name("sources.py")]
    return sha256(b"".join(each.read_bytes() for each in made_of)).hexdigest()[:16]


def _module(part: Part) -> dict[str, str]:
    asked = "go", "mod", "download", "-json", f"{part.module}@{part.version}"
    if shutil.which("go") is None:
        raise Unavailable("there is no go command on the PATH (https://go.dev/dl/)")
    ran = subprocess.run(asked, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - go, with our own list
    answer: dict[str, str] = json.loads(ran.stdout or "{}")
    if ran.returncode or "Info" not in answer:
        raise Unavailable(f"{part.module}@{part.version}: {answer.get('Error', ran.stderr)}")
    info: dict[str, str] = json.loads(Path(answer["Info"]).read_text())
    return answer | info


def _put(part: Part, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    origin = folder_of(part)
    for file in part.files:
        text = _CONSTRAINT.sub("", (origin / file).read_text())
        if part.functions:
            wanted = "|".join(part.functions)
            functions = re.findall(_FUNCTION.format(f"(?:{wanted})"), text, re.MULTILINE | re.DOTALL)
            text = _headed(part, "\n".join(functions))
        else:
            for before, after in part.imports.items():
                text = text.replace(f"\t{before}\n", f"\t{after}\n")
            text = _PACKAGE.sub(f"package {part.package}", text, count=1)
        (folder / file).write_text(text)
    with (folder / part.files[-1]).open("a") as last:
        last.write(part.added)


def _headed(part: Part, functions: str) -> str:
    imports = "".join(f'\t{name} "{path}"\n' for name, path in part.imports.items())
    return f"package {part.package}\n\nimport (\n{imports})\n\n{functions}\n"


def _table() -> str:
    packages = "".join(f'\t"defaults/{source.part.package}"\n' for source in SOURCES)
    rows = "".join(f'\t"{source.name}": {source.call},\n' for source in SOURCES)
    specs = '\t"github.com/opencontainers/runtime-spec/specs-go"\n'
    kind = "map[string]func(*specs.Spec) (*specs.LinuxSeccomp, error)"
    return f"package main\n\nimport (\n{packages}{specs})\n\nvar sources = {kind}{{\n{rows}}}\n"
