"""What other rooms use says what it takes, gives and raises; read from the source, so that nothing slow is imported."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n((?:.*\n?)*?)(?=^\w[\w ]*\n-{3,}\n|\Z)", re.MULTILINE)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache  # asked when a test runs: every worker collects this file, and one runs it
def _trees() -> dict[str, ast.Module]:
    paths = [path for top in ("core", "dashboard", "benchmarks") for path in (ROOT / top).rglob("*.py")]
    return {_module(path): ast.parse(path.read_text()) for path in paths}


@cache
def _defined() -> dict[str, dict[str, ast.FunctionDef]]:
    return {module: {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)} for module, tree in _trees().items()}


def _imports(nodes) -> list[tuple[str, ast.alias]]:
    return [(node.module, name) for node in nodes if isinstance(node, ast.ImportFrom) and node.module for name in node.names]


@cache
def _passed_on() -> dict[str, dict[str, tuple[str, str]]]:
    return {
        module: {name.asname or name.name: (of, name.name) for of, name in _imports(tree.body) if of != module}
        for module, tree in _trees().items()
    }


def _room(module: str) -> str:
    return ".".join(module.split(".")[: 2 if module.startswith("core.") else 1])


def _home(module: str, name: str) -> tuple[str, str] | None:
    """Where a function is defined that may have come through the face of a package."""
    if name in _defined().get(module, {}):
        return module, name
    return _home(*_passed_on()[module][name]) if name in _passed_on().get(module, {}) else None


def _used(module: str) -> set[tuple[str, str]]:
    """Functions of core that a module imports from another room, or calls through a module that it imports."""
    imported = _imports(ast.walk(_trees()[module]))
    modules = {name.asname or name.name: f"{of}.{name.name}" for of, name in imported if f"{of}.{name.name}" in _trees()}
    through = [node for node in ast.walk(_trees()[module]) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    found = {_home(of, name.name) for of, name in imported}
    found |= {_home(modules[node.value.id], node.attr) for node in through if node.value.id in modules}
    return {home for home in found if home and home[0].startswith("core") and _room(home[0]) != _room(module)}


def _is_command(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("click.") for decorator in function.decorator_list)


@cache
def _shared() -> list[tuple[str, str]]:
    return sorted(home for home in set().union(*map(_used, _trees())) if not _is_command(_defined()[home[0]][home[1]]))


def _sections(function: ast.FunctionDef) -> dict[str, str]:
    return dict(SECTION.findall(ast.get_docstring(function) or ""))


def _lacks(function: ast.FunctionDef) -> list[str]:
    sections = _sections(function)
    heads = " ".join(line.split(":")[0] for line in sections.get("Parameters", "").splitlines() if not line.startswith(" "))
    parameters = [p.arg for p in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    lacks = [f"the parameter {name}" for name in parameters if name not in re.findall(r"\w+", heads)]
    gives_nothing = ast.unparse(function.returns or ast.Constant(None)) in ("None", "Iterator[None]")
    raised = [ast.unparse(node.exc) for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc]
    lacks += ["Returns"] * (not gives_nothing and not sections.keys() & {"Returns", "Yields"})
    return lacks + ["Raises"] * ("Raises" not in sections and any(text.startswith("InputError(") for text in raised))


def test_what_other_rooms_use_says_what_it_takes_gives_and_raises():
    lacking = {f"{module}.{name}": lacks for module, name in _shared() if (lacks := _lacks(_defined()[module][name]))}
    assert not lacking, "\n".join(f"{name} does not document {', '.join(lacks)}" for name, lacks in lacking.items())
    assert len(_shared()) > 300


def test_private_functions_do_without_sections():
    private = [(module, one) for module, functions in _defined().items() for name, one in functions.items() if name.startswith("_")]
    assert not [f"{module}.{one.name}" for module, one in private if _sections(one).keys() & {"Parameters", "Raises"}]


SUM = """Sum.

Parameters
----------
a, b : int

Returns
-------
int

Raises
------
InputError
"""


@pytest.mark.parametrize(
    ("source", "docstring", "expected"),
    [
        ("def f(a, b) -> int: raise InputError('no')", SUM, []),
        ("def f(a, b) -> int: raise InputError('no')", "One line.", ["the parameter a", "the parameter b", "Returns", "Raises"]),
        ("def f(a, b, c) -> int: raise ValueError('no')", SUM, ["the parameter c"]),
        ("def f() -> None: raise ValueError('no')", "One line.", []),
    ],
)
def test_the_rule_sees_what_is_missing(source, docstring, expected):
    (function,) = ast.parse(source).body
    function.body.insert(0, ast.Expr(ast.Constant(docstring)))
    assert _lacks(function) == expected
