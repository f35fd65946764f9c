"""A cluster that is made of manifests."""

from pathlib import Path

import pytest

from webhook.admission.cluster import NamespaceNotFound
from webhook.manifests.namespaces import ClusterOfManifests, UnfitManifests, cluster_in

SHOP = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {team: a, pod-security.kubernetes.io/enforce: restricted, empty: }
"""
PODS = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a, namespace: shop}
  spec: {hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}
- {apiVersion: v1, kind: Pod, metadata: {name: b}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: shop}}
"""


def cluster_of(folder: Path, text: str) -> ClusterOfManifests:
    (folder / "cluster.yaml").write_text(text)
    return cluster_in(str(folder / "cluster.yaml"))


def test_namespaces_have_the_labels_that_are_written(tmp_path: Path) -> None:
    cluster = cluster_of(tmp_path, f"{SHOP}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: plain}}\n")

    assert cluster.labels_of("shop") == {
        "team": "a",
        "pod-security.kubernetes.io/enforce": "restricted",
        "empty": "",
    }
    assert cluster.labels_of("plain") == {}


def test_a_namespace_that_is_not_written_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NamespaceNotFound, match='namespaces "other" not found'):
        cluster_of(tmp_path, SHOP).labels_of("other")


def test_pods_are_in_their_namespaces_with_defaults_filled_in(tmp_path: Path) -> None:
    cluster = cluster_of(tmp_path, f"{SHOP}---\n{PODS}")
    (pod,) = cluster.pods_in("shop", 0)
    ((container, _),) = pod.contexts

    assert pod.metadata.name == "a"
    assert [port.host_port for port in container.ports or ()] == [80]
    assert [each.metadata.name for each in cluster.pods_in("default", 0)] == ["b"]
    assert list(cluster.pods_in("other", 0)) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- a\n", 1, "this is a list, and no Kubernetes object"),
        (f"{SHOP}---\n{SHOP}", 10, "the namespace shop is already there"),
        ("apiVersion: v1\nkind: Namespace\n", 1, "metadata.name must be the name of the namespace"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {\nname: 5}\n", 4,
         "metadata.name: must be a string, is the number 5: put it in quotes"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: []\n", 3, "metadata: must be an object, is a list"),
        (SHOP.replace("{team", "[{team").replace("}", "}]"), 5,
         "metadata.labels: must be an object, is a list"),
        (SHOP.replace("restricted", "yes"), 5,
         ("metadata.labels[pod-security.kubernetes.io/enforce]: must be a string, is the boolean true:"
         " put it in quotes")),
        (SHOP.replace("labels", "label"), 5, 'metadata.label: unknown field: did you mean "labels"?'),
        (PODS, None,
         "no Namespace in here, so every pod would be refused: add one (apiVersion: v1, kind: Namespace)"),
        ("apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: 5\n", 4, None),
        (SHOP.replace("labels", "Labels"), 5, 'metadata.Labels: unknown field: did you mean "labels"?'),
        ("apiVersion: v1\nkind: Namespace\nlabels: {}\nmetadata: {name: a}\n", 3, "labels: unknown field"),
    ],
)  # fmt: skip
def test_what_could_be_meant_otherwise_is_refused(
    tmp_path: Path, text: str, line: int | None, message: str | None
) -> None:
    with pytest.raises(UnfitManifests) as refused:
        cluster_of(tmp_path, text)

    (problem,) = refused.value.problems
    assert problem.line == line
    assert message in {None, problem.message}


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (
            SHOP.replace("enforce", "enforced"),
            (
                "pod-security.kubernetes.io/enforced is no label of Pod Security:"
                ' did you mean "pod-security.kubernetes.io/enforce"?'
            ),
        ),
        (
            SHOP.replace("restricted", "strict"),
            (
                'metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict":'
                " must be one of privileged, baseline, restricted"
            ),
        ),
    ],
    ids=["misspelled", "unreadable"],
)
def test_a_doubtful_label_is_told_and_counts_as_in_a_cluster(tmp_path: Path, text: str, doubt: str) -> None:
    cluster = cluster_of(tmp_path, text)

    assert [(each.line, each.message) for each in cluster.doubts] == [(5, doubt)]
    assert len(cluster.labels_of("shop")) == 3
