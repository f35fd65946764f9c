"""What cannot be read is told to its author, with its line."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.manifests.reading_files import reader_in

CASES = yaml.safe_load((Path(__file__).parent / "reading" / "problems.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_the_author_is_told(tmp_path: Path, case: dict[str, Any]) -> None:
    documents, unreadable = reader_in(tmp_path)(case["text"])

    assert [f"{each.line}: {each.message}" for each in unreadable] == case["says"]
    assert len(documents) == case.get("reads", 0)
