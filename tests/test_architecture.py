"""Who may import whom: imports point inwards, and the pure packages stay pure."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(
    f"webhook.{folder.name}"
    for folder in (ROOT / "webhook").iterdir()
    if folder.is_dir() and any(folder.rglob("*.py"))
)
MODULES = sorted(
    path.relative_to(ROOT) for top in ("webhook", "certs") for path in (ROOT / top).rglob("*.py")
)

# What each package may import of ours, besides itself.
MAY_IMPORT = {
    "webhook.policy": set(),
    "webhook.seccomp": set(),
    "webhook.nodes": {"webhook.policy", "webhook.seccomp"},
    "webhook.mutation": {"webhook.policy"},
    "webhook.config": {"webhook.policy", "webhook.mutation", "webhook.nodes"},
    "webhook.reports": {"webhook.policy", "webhook.seccomp", "webhook.nodes"},
    "webhook.admission": {"webhook.policy", "webhook.mutation", "webhook.config", "webhook.nodes"},
    "webhook.manifests": {"webhook.policy", "webhook.nodes", "webhook.admission"},
    "webhook.cluster": {"webhook.policy", "webhook.nodes", "webhook.admission"},
    "webhook.agent": {"webhook.seccomp", "webhook.nodes", "webhook.cluster"},
    "webhook.server": {
        "webhook.policy",
        "webhook.mutation",
        "webhook.config",
        "webhook.nodes",
        "webhook.admission",
    },
    "webhook.cli": {*PACKAGES, "certs"},
    "certs": set(),
}
# Modules of others that only these packages may know.
ONLY_IN = {
    "flask": {"webhook.server"},
    "gunicorn": {"webhook.server"},
    "prometheus_client": {"webhook.server", "certs"},
    "kubernetes": {"webhook.cluster", "certs"},
    "urllib3": {"webhook.cluster", "certs"},
    "cryptography": {"certs"},
    "click": {"webhook.cli"},
    "yaml": {"webhook.manifests"},
}
PURE = (
    "webhook.policy", "webhook.seccomp", "webhook.nodes", "webhook.mutation", "webhook.config",
    "webhook.reports", "webhook.admission",
)  # fmt: skip
# What the certificates are decided by; the rest of ``certs`` carries it out.
PURE_IN_CERTS = {
    f"certs/{name}.py"
    for name in (
        "authorities", "authority", "configurations", "names", "pace", "pem", "periods", "places", "records",
        "renewal", "rotation", "seen", "serving", "sourced", "steps",
    )
}  # fmt: skip
# Heavy, and needed by few: imported by no module before somebody asks for it.
LATE_IN_CERTS = {"kubernetes": {"certs/access.py"}, "prometheus_client": {"certs/metrics.py"}}
# The clock, the environment, files, sockets, processes and randomness come in as arguments.
IMPURE_MODULES = {
    "asyncio", "http", "logging", "os", "pathlib", "random", "secrets", "shutil", "signal", "socket",
    "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input"}


def package_of(module: Path) -> str:
    return (
        ".".join(module.parts[:2])
        if module.parts[0] == "webhook" and len(module.parts) > 2
        else module.parts[0]
    )


def imported(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / module).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield node.module or ""


def is_program(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_inwards(module: Path) -> None:
    package = package_of(module)
    for name in imported(module):
        target = ".".join(name.split(".")[:2])
        if target.split(".")[0] in {"webhook", "certs"} and target not in {package, "webhook"}:
            owner = target if target.startswith("webhook.") else target.split(".")[0]
            allowed = MAY_IMPORT.get(package, set(PACKAGES)) | {package}
            assert owner in allowed, f"{package} may not import {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_library_of_the_rim_is_known_in_one_package(module: Path) -> None:
    for name in imported(module):
        owners = ONLY_IN.get(name.split(".")[0])
        assert owners is None or package_of(module) in owners, f"only {owners} may import {name}"


def is_pure(module: Path) -> bool:
    return package_of(module) in PURE or str(module) in PURE_IN_CERTS


@pytest.mark.parametrize("module", [path for path in MODULES if str(path) in PURE_IN_CERTS], ids=str)
def test_what_decides_on_certificates_imports_only_its_like(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text())
    ours = {
        f"certs/{name.removeprefix('certs.')}.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("certs")
        for name in (
            [node.module or ""] if node.module != "certs" else [f"certs.{alias.name}" for alias in node.names]
        )
    }
    assert ours <= PURE_IN_CERTS


@pytest.mark.parametrize("module", [path for path in MODULES if package_of(path) == "certs"], ids=str)
def test_what_is_heavy_is_imported_late(module: Path) -> None:
    tree = ast.parse((ROOT / module).read_text())
    for node in tree.body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            allowed = LATE_IN_CERTS.get(name.split(".")[0])
            assert allowed is None or str(module) in allowed, f"{name} must be imported where it is used"


@pytest.mark.parametrize("module", [path for path in MODULES if is_pure(path)], ids=str)
def test_pure_packages_do_no_input_or_output(module: Path) -> None:
    assert not IMPURE_MODULES.intersection(name.split(".")[0] for name in imported(module))
    tree = ast.parse((ROOT / module).read_text())
    tree.body = [node for node in tree.body if not is_program(node)]
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & IMPURE_CALLS
