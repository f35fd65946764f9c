{{/* Names and labels. */}}

{{- define "seccomp-webhook.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* 41 characters leave room for what is put behind it. */}}
{{- define "seccomp-webhook.fullname" -}}
{{- $name := include "seccomp-webhook.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 41 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 41 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 41 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that select, of a component: (dict "root" $ "component" "server"). */}}
{{- define "seccomp-webhook.selector" -}}
app.kubernetes.io/name: {{ include "seccomp-webhook.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "seccomp-webhook.labels" -}}
{{ include "seccomp-webhook.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "seccomp-webhook.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "seccomp-webhook.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default (include "seccomp-webhook.fullname" .) }}
{{- else -}}
{{ .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}

{{/* The Secret that the server mounts. */}}
{{- define "seccomp-webhook.servingSecret" -}}
{{- if eq .Values.certificates.mode "existingSecret" -}}
{{ .Values.certificates.existingSecret }}
{{- else -}}
{{ include "seccomp-webhook.fullname" . }}-serving
{{- end -}}
{{- end -}}

{{/* Whether there is a certificate controller: "true" or nothing. */}}
{{- define "seccomp-webhook.hasController" -}}
{{- $certificates := .Values.certificates -}}
{{- if or (eq $certificates.mode "selfSigned") (and (eq $certificates.mode "existingSecret") $certificates.publish) -}}
true
{{- end -}}
{{- end -}}

{{/* What is refused while no webhook can be reached. */}}
{{- define "seccomp-webhook.failurePolicy" -}}
{{- if eq .Values.mode "audit" -}}Ignore{{- else -}}{{ .Values.webhooks.failurePolicy }}{{- end -}}
{{- end -}}

{{/* The webhook configurations of this release, as KIND/NAME, one a line. */}}
{{- define "seccomp-webhook.configurations" -}}
ValidatingWebhookConfiguration/{{ include "seccomp-webhook.fullname" . }}
{{- if .Values.mutation.enabled }}
MutatingWebhookConfiguration/{{ include "seccomp-webhook.fullname" . }}
{{- end }}
{{- end -}}
