"""Labels that say which profiles a node holds: valid whatever the paths are, and one for each."""

import re

from hypothesis import given
from hypothesis import strategies as st

from webhook.nodes.label_names import MOST, PREFIX, label_name, label_value, labels_of
from webhook.nodes.report import NodeReport, SeccompFile

# Source: Kubernetes documentation, "Labels and Selectors", section "Syntax and character set".
VALID = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
paths = st.text(st.sampled_from("ab/_.-é "), min_size=1, max_size=80)


@given(paths)
def test_every_path_has_a_valid_label(path: str) -> None:
    assert VALID.fullmatch(label_name(path).removeprefix(PREFIX))


@given(paths, paths)
def test_two_paths_have_two_labels(one: str, other: str) -> None:
    assert (label_name(one) == label_name(other)) is (one == other)


def test_a_plain_path_can_be_read_in_its_label() -> None:
    assert label_name("audit.json") == "profile.seccomp-webhook.io/audit.json"
    assert label_name("profiles/audit.json") == "profile.seccomp-webhook.io/profiles__audit.json"
    assert label_name("operator/shop/cart_v2.json").endswith("/operator__shop__cart_v2.json")


def test_the_value_is_the_beginning_of_the_digest() -> None:
    assert label_value("sha256:0123456789abcdef" + "0" * 48) == "0123456789abcdef"


def test_only_profiles_are_labels_and_not_too_many() -> None:
    files = [SeccompFile(f"{number:03}.json", f"sha256:{number:064}", 1) for number in range(MOST + 5)]
    broken = SeccompFile("0.json", "sha256:00", 1, error="this is no seccomp profile")
    unread = SeccompFile("00.json", "", 1, error="it cannot be read")

    found = labels_of(NodeReport("one", seccomp=(broken, unread, *files)))
    assert [*found] == [label_name(file.path) for file in files[:MOST]]
