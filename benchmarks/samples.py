"""The pods and the review that the figures are about: two containers, written as an API server sends them."""

from typing import Any

import msgspec

SAFE: dict[str, Any] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def container(name: str, security: dict[str, Any] | None) -> dict[str, Any]:
    """A container as the API server has filled it in; *security* None leaves the context out."""
    probe = {
        "httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }
    made: dict[str, Any] = {
        "name": name,
        "image": f"registry.example.com/shop/{name}:1.4.2",
        "args": ["--listen=:8080", "--log-format=json"],
        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
        "env": [
            {
                "name": "POD_NAME",
                "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}},
            }
        ],
        "resources": {"limits": {"memory": "128Mi"}, "requests": {"cpu": "50m", "memory": "128Mi"}},
        "volumeMounts": [
            {"name": "data", "mountPath": "/data"},
            {
                "name": "kube-api-access-x7k2p",
                "readOnly": True,
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
            },
        ],
        "livenessProbe": probe,
        "readinessProbe": probe,
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
    }
    return made if security is None else made | {"securityContext": security}


def pod(security: dict[str, Any] | None) -> dict[str, Any]:
    """A pod of two containers with the security context given, or with none at all."""
    token = {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}}
    root = {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}}
    return {
        "kind": "Pod",
        "apiVersion": "v1",
        "metadata": {
            "name": "cart-7d9c5b6f4-x7k2p",
            "generateName": "cart-7d9c5b6f4-",
            "namespace": "shop",
            "uid": "4f6e1a0e-6f0d-4f43-9d2c-0a0e4f6e1a0e",
            "labels": {"app": "cart", "pod-template-hash": "7d9c5b6f4"},
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "kind": "ReplicaSet",
                    "name": "cart-7d9c5b6f4",
                    "uid": "9a0e4f6e-6f0d-4f43-9d2c-0a0e4f6e1a0e",
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "spec": {
            "volumes": [
                {"name": "data", "emptyDir": {}},
                {
                    "name": "kube-api-access-x7k2p",
                    "projected": {"sources": [token, root], "defaultMode": 420},
                },
            ],
            "containers": [container("cart", security), container("metrics", security)],
            "restartPolicy": "Always",
            "terminationGracePeriodSeconds": 30,
            "dnsPolicy": "ClusterFirst",
            "serviceAccountName": "default",
            "serviceAccount": "default",
            "securityContext": {},
            "schedulerName": "default-scheduler",
            "enableServiceLinks": True,
        },
        "status": {"phase": "Pending", "qosClass": "Burstable"},
    }


def review(namespaced_pod: dict[str, Any]) -> bytes:
    """The AdmissionReview in which an API server asks about the creation of a pod."""
    kind, resource = (
        {"group": "", "version": "v1", "kind": "Pod"},
        {"group": "", "version": "v1", "resource": "pods"},
    )
    return msgspec.json.encode(
        {
            "kind": "AdmissionReview",
            "apiVersion": "admission.k8s.io/v1",
            "request": {
                "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
                "kind": kind,
                "resource": resource,
                "requestKind": kind,
                "requestResource": resource,
                "name": namespaced_pod["metadata"]["name"],
                "namespace": "shop",
                "operation": "CREATE",
                "userInfo": {
                    "username": "system:serviceaccount:kube-system:replicaset-controller",
                    "groups": ["system:serviceaccounts", "system:authenticated"],
                },
                "object": namespaced_pod,
                "oldObject": None,
                "dryRun": False,
                "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
            },
        }
    )


PASSING = pod(SAFE)
FAILING = pod(None)
