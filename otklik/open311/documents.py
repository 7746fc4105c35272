"""Answers as JSON and XML: both from the same values, as the standard maps one to the other."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from components.text.escape import REPLACEMENT, clean_text

CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
ITEM_NAMES = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What the entries of a list are called in XML, by the name of the list."""
Value = str | float | bool | None | Mapping[str, Any] | Sequence[Any]
_not_in_xml = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rendered(root: str, content: Value, file_format: str) -> bytes:
    """The bytes of an answer in a format of `CONTENT_TYPES`; `root` is the name of the root element in XML."""
    content = _cleaned(content)
    if file_format == "json":
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    document: bytes = ET.tostring(_element(root, content), encoding="UTF-8", xml_declaration=True)
    return document


def _cleaned(value: Value) -> Any:  # noqa: ANN401 -- JSON
    """The value without control characters, which XML can't hold and nobody should read."""
    if isinstance(value, str):
        return _not_in_xml.sub(REPLACEMENT, clean_text(value))
    if isinstance(value, Mapping):
        return {name: _cleaned(inner) for name, inner in value.items()}
    return [_cleaned(inner) for inner in value] if isinstance(value, Sequence) else value


def _element(name: str, value: Value) -> ET.Element:
    element = ET.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(inner_name, inner) for inner_name, inner in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        element.extend(_element(ITEM_NAMES[name], inner) for inner in value)
    elif value is not None:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)
    return element
