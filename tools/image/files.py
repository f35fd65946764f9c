"""The files of the image, in two layers: the interpreter with what it loads, and the program."""

import compileall
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools.image.distributions import files_of, needed
from tools.image.sbom import Origins, bill

USER: Final = 65532
SITE: Final = "app"
SBOM: Final = "usr/share/sbom/seccomp-webhook.cdx.json"

# Parts of the library that no server uses: tests, editors, installers, windows, databases, terminals.
_LEFT_OUT: Final = (
    "__pycache__", "site-packages", "dist-packages", "test", "tests", "idlelib", "idle_test", "ensurepip",
    "tkinter", "turtledemo", "turtle.py", "lib2to3", "pydoc_data", "venv", "distutils", "__phello__",
    "sqlite3", "curses", "config-*", "*.a",
    "_test*.so", "_ctypes_test*.so", "_xxtest*.so", "xxlimited*.so", "_tkinter*.so", "_sqlite3*.so",
    "_curses*.so", "readline*.so", "_dbm*.so", "_gdbm*.so", "nis*.so", "ossaudiodev*.so",
)  # fmt: skip
ENTRY_POINT: Final = "/usr/local/bin/seccomp-webhook"
_USERS: Final = f"root:x:0:0::/:/\nnonroot:x:{USER}:{USER}::/:/\n"
_GROUPS: Final = f"root:x:0:\nnonroot:x:{USER}:\n"


def interpreter() -> Path:
    """The interpreter that is in the image, at the path that it has here."""
    return Path(sys.executable).resolve()


def fill(folder: Path) -> tuple[Path, Path]:
    """Put the files of both layers below *folder*; returns the folder of each."""
    base, program = folder / "base", folder / "program"
    origins = _fill_base(base)
    _fill_program(program)
    target = program / SBOM
    target.parent.mkdir(parents=True)
    target.write_bytes(bill(needed(), origins))
    for layer in (base, program):
        _compile(layer)
    return base, program


def _fill_base(base: Path) -> Origins:
    """The interpreter, its library, and the shared libraries that they load; returns where those are from."""
    library = Path(sysconfig.get_path("stdlib"))
    _copy(interpreter(), base)
    shutil.copytree(library, base / _relative(library), ignore=shutil.ignore_patterns(*_LEFT_OUT))
    extensions = (base / _relative(library)).rglob("*.so")
    programs = [interpreter(), *extensions, *(file for each in needed() for _, file in files_of(each))]
    libraries = _libraries(file for file in programs if file == interpreter() or ".so" in file.suffixes)
    for file in libraries:
        _copy(file, base)
    for name, text in (("passwd", _USERS), ("group", _GROUPS)):
        (base / "etc").mkdir(exist_ok=True)
        (base / "etc" / name).write_text(text)
    (base / "tmp").mkdir()
    return Origins(tuple(libraries))


def _fill_program(program: Path) -> None:
    for each in needed():
        for name, file in files_of(each):
            target = program / SITE / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    entry = program / ENTRY_POINT.lstrip("/")
    entry.parent.mkdir(parents=True)
    entry.write_text(f"#!{interpreter()}\nfrom webhook.cli import main\n\nmain()\n")
    entry.chmod(0o755)


def _libraries(programs: Iterable[Path]) -> list[Path]:
    """The shared libraries of the system that *programs* load."""
    listed = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False)  # noqa: S603, S607 - files that are installed
    words = {word for line in listed.stdout.splitlines() for word in line.split()}
    # Wheels bring libraries of their own, which are copied with them.
    return sorted(
        Path(word)
        for word in words
        if word.startswith("/") and ":" not in word and "site-packages" not in word
    )


def _copy(file: Path, root: Path) -> None:
    """*file*, at its own path below *root*; where that is a link, what it stands for."""
    target = root / _relative(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


def _relative(path: Path) -> Path:
    return path.relative_to("/")


def _compile(layer: Path) -> None:
    """Compile what Python there is, to bytecode that is the same wherever it is made."""
    # Bytecode is ours to make for the Python that runs this, which is the one in the image.
    compiled = compileall.compile_dir(
        layer,
        quiet=2,
        stripdir=str(layer),
        prependdir="/",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        workers=os.process_cpu_count() if hasattr(os, "process_cpu_count") else 1,
    )
    if not compiled:
        raise SystemExit(f"not all of {layer} could be compiled")
