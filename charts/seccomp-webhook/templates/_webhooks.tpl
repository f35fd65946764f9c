{{/* What validating and mutating webhooks have in common. Every field that the API server would fill in is here. */}}

{{/* caBundle is not here, and must not be: the certificate controller owns it. (dict "root" $ "path" "/validate") */}}
{{- define "seccomp-webhook.clientConfig" -}}
clientConfig:
  service:
    namespace: {{ .root.Release.Namespace }}
    name: {{ include "seccomp-webhook.fullname" .root }}
    path: {{ .path }}
    port: {{ .root.Values.service.port }}
admissionReviewVersions: [v1]
sideEffects: None
matchPolicy: Equivalent
{{- end -}}

{{/* The namespaces that are never asked about, as YAML. */}}
{{- define "seccomp-webhook.excluded" -}}
{{- concat (list "kube-node-lease" "kube-system" .Release.Namespace) .Values.webhooks.excludedNamespaces | uniq | sortAlpha | toYaml }}
{{- end -}}

{{- define "seccomp-webhook.scope" -}}
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values:
        {{- range include "seccomp-webhook.excluded" . | fromYamlArray }}
        - {{ . }}
        {{- end }}
    {{- with .Values.webhooks.namespaceSelector.matchExpressions }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.webhooks.namespaceSelector.matchLabels }}
  matchLabels:
    {{- toYaml . | nindent 4 }}
  {{- end }}
objectSelector: {}
matchConditions:
  # What a node writes while it starts. It can make no pods but the mirrors of those that it runs already.
  - name: not-a-mirror-pod-of-a-node
    expression: >-
      !(has(request.userInfo.groups) && request.userInfo.groups.exists(group, group == "system:nodes") &&
      has(object.metadata.annotations) && "kubernetes.io/config.mirror" in object.metadata.annotations)
  - name: not-a-node-that-joins
    expression: >-
      !(has(request.userInfo.groups) && request.userInfo.groups.exists(group, group == "system:bootstrappers"))
  {{- if .Values.webhooks.breakGlass.enabled }}
  - name: not-behind-broken-glass
    expression: >-
      !authorizer.group("admissionregistration.k8s.io").resource("validatingwebhookconfigurations")
      .name({{ include "seccomp-webhook.fullname" . | quote }})
      .check({{ .Values.webhooks.breakGlass.verb | quote }}).allowed()
  {{- end }}
  {{- with .Values.webhooks.matchConditions }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "seccomp-webhook.configurationMetadata" -}}
name: {{ include "seccomp-webhook.fullname" . }}
labels:
  {{- include "seccomp-webhook.labels" (dict "root" . "component" "server") | nindent 2 }}
{{- if or .Values.webhooks.annotations (eq .Values.certificates.mode "certManager") }}
annotations:
  {{- if eq .Values.certificates.mode "certManager" }}
  cert-manager.io/inject-ca-from: {{ .Release.Namespace }}/{{ include "seccomp-webhook.fullname" . }}-serving
  {{- end }}
  {{- with .Values.webhooks.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
