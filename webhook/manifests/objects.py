"""Which of the values that were read are Kubernetes objects, and the objects in a list of them."""

from collections.abc import Iterator
from typing import Any, Final

from webhook.manifests.document import Value
from webhook.manifests.lists import Item
from webhook.manifests.readers import values

_SUFFIX: Final = "List"
_NAMES: Final = {
    str: "a text",
    list: "a list",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


def cut_out(item: Item, first_line: int) -> Value | None:
    """An item of a list that was cut, and began in *first_line*; None where it cannot be read by itself."""
    line = first_line - 1 + item.line
    try:
        (value,) = values(item.text, line)
    except ValueError:  # malformed, or not one value
        return None
    if not item.is_yaml:
        return value
    if not isinstance(value.content, list) or len(value.content) != 1:
        return None
    return Value(value.content[0], line, value.text, (0,))


def items(of: Value) -> Iterator[Value]:
    """The items of the list that stands there, each with the type that the list gives it."""
    for index, item in enumerate(of.content.get("items") or ()):
        inside = (*of.inside, "items", index)
        yield typed(Value(item, of.text.line_of(inside), of.text, inside), of.content)


def typed(item: Value, frame: dict[str, Any]) -> Value:
    """*item* with the type that its list implies, where it names none: so ``PodList`` is read by kubectl.

    Source: module ``k8s.io/apimachinery``, ``decodeToList`` in ``unstructured/helpers.go``.
    """
    kind = frame["kind"].removesuffix(_SUFFIX)
    content = item.content
    if not kind or not isinstance(content, dict) or content.get("kind") or content.get("apiVersion"):
        return item
    return item._replace(content={**content, "apiVersion": frame["apiVersion"], "kind": kind})


def problem_of(content: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Why *content* is no Kubernetes object; None where it is one."""
    if not isinstance(content, dict):
        return f"this is {_NAMES.get(type(content), 'nothing')}, and no Kubernetes object"
    for name in ("kind", "apiVersion"):
        value = content.get(name)
        if value is None or value == "":
            return f"{name} is missing: this is no Kubernetes object"
        if not isinstance(value, str):
            return f"{name} must be a text, and is {_NAMES.get(type(value), 'a mapping')}"
    within = content.get("items")
    if content["kind"] == _SUFFIX and not isinstance(within, list | None):
        return f"items must be a list, and is {_NAMES.get(type(within), 'a mapping')}"
    return None


def claims_to_be_object(content: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether *content* means to be a Kubernetes object, however badly: other files have no ``kind``."""
    return isinstance(content, dict) and content.get("kind") is not None
