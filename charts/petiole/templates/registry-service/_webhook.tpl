{{/*
The API server asks the registry whether the handler that a Configuration names takes its details. Without an answer it goes
on: the discovery services say the same afterwards, in the Configuration's conditions.
Input: root, caBundle (empty: cert-manager fills it in).
*/}}
{{- define "petiole.detailsWebhook" -}}
{{- $namespace := .root.Release.Namespace -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: petiole-discovery-details
  labels:
    {{- include "petiole.labels" (dict "root" .root "component" "admission") | nindent 4 }}
  {{- if not .caBundle }}
  annotations:
    cert-manager.io/inject-ca-from: {{ $namespace }}/petiole-registry-tls
  {{- end }}
webhooks:
  - name: discovery-details.petiole.dev
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Ignore
    timeoutSeconds: 2
    rules:
      - apiGroups: [petiole.dev, akri.sh]
        apiVersions: ["*"]
        operations: [CREATE, UPDATE]
        resources: [configurations]
    matchConditions:
      # The registry has judged what it mirrors.
      - name: not-a-mirror
        expression: request.userInfo.username != "system:serviceaccount:{{ $namespace }}:{{ include "petiole.scheduler" .root }}"
      - name: the-spec-changes
        expression: oldObject == null || !has(oldObject.spec) || object.spec != oldObject.spec
    clientConfig:
      service:
        name: {{ include "petiole.registry" .root }}
        namespace: {{ $namespace }}
        port: 8080
        path: /admission/v1/configurations
      {{- with .caBundle }}
      caBundle: {{ . }}
      {{- end }}
{{- end -}}
