{{/* Names are fixed: one release serves one cluster, and guides, tests and people can rely on them. */}}
{{- define "petiole.registry" -}}petiole-registry-service{{- end -}}
{{- define "petiole.discovery" -}}petiole-discovery-service{{- end -}}
{{- define "petiole.scheduler" -}}petiole-broker-scheduler{{- end -}}

{{/* What selects a component's Pods. Input: root, component. */}}
{{- define "petiole.selectorLabels" -}}
app.kubernetes.io/name: petiole
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* The standard labels. Input: root, component. */}}
{{- define "petiole.labels" -}}
{{ include "petiole.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: petiole
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* An image reference. Input: root, component, image (may be empty). */}}
{{- define "petiole.image" -}}
{{- .image | default (printf "petiole/%s:%s" .component .root.Chart.AppVersion) -}}
{{- end -}}

{{/* What every container does without. */}}
{{- define "petiole.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The user of the images, for the Pods that need no other. */}}
{{- define "petiole.unprivileged" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Kubernetes asks the management port; a service that is slow to start is not killed for it. */}}
{{- define "petiole.probes" -}}
startupProbe:
  httpGet: {path: /actuator/health/liveness, port: management}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /actuator/health/liveness, port: management}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /actuator/health/readiness, port: management}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 3
{{- end -}}

{{/* Whether devices can be claimed by Dynamic Resource Allocation: "true" or empty. */}}
{{- define "petiole.dra" -}}
{{- $wish := toString .Values.dra.enabled -}}
{{- if or (eq $wish "true") (and (eq $wish "auto") (.Capabilities.APIVersions.Has "resource.k8s.io/v1")) -}}true{{- end -}}
{{- end -}}

{{- define "petiole.loggingEnv" -}}
- name: LOGGING_LEVEL_DEV_PETIOLE
  value: {{ .Values.logging.level }}
{{- with .Values.logging.format }}
- name: LOGGING_STRUCTURED_FORMAT_CONSOLE
  value: {{ . }}
{{- end }}
{{- end -}}

{{/* How a client of the registry finds it and proves who it is. */}}
{{- define "petiole.registryEnv" -}}
- name: PETIOLE_REGISTRY_URL
  value: {{ .Values.registry.tls.enabled | ternary "https" "http" }}://{{ include "petiole.registry" . }}:8080
- name: PETIOLE_REGISTRY_TOKEN_FILE
  value: /var/run/secrets/petiole/token
{{- if .Values.registry.tls.enabled }}
- name: PETIOLE_REGISTRY_CA_FILE
  value: /var/run/secrets/petiole/ca.crt
{{- end }}
{{- end -}}

{{/* The Secret with the registry's certificate and its key. */}}
{{- define "petiole.certificateSecret" -}}
{{- $tls := .Values.registry.tls -}}
{{- if eq $tls.source "secret" -}}
{{- $tls.secretName | required "registry.tls.secretName: empty (expected with registry.tls.source=secret: the name of a Secret of the release's namespace with the keys tls.crt, tls.key and ca.crt)" -}}
{{- else -}}petiole-registry-tls{{- end -}}
{{- end -}}

{{/* The names by which the registry is called, as JSON. Loopback: kubectl port-forward leads there. */}}
{{- define "petiole.registryNames" -}}
{{- $name := include "petiole.registry" . -}}
{{- $names := list $name (printf "%s.%s" $name .Release.Namespace) (printf "%s.%s.svc" $name .Release.Namespace) (printf "%s.%s.svc.cluster.local" $name .Release.Namespace) "localhost" -}}
{{- concat $names .Values.registry.tls.dnsNames | uniq | toJson -}}
{{- end -}}

{{/* Its token, and the authority whose certificate the registry shows. */}}
{{- define "petiole.tokenMount" -}}
- name: registry-token
  mountPath: /var/run/secrets/petiole
  readOnly: true
{{- end -}}

{{- define "petiole.tokenVolume" -}}
- name: registry-token
  projected:
    sources:
      - serviceAccountToken:
          audience: petiole-registry
          expirationSeconds: 3600
          path: token
      {{- with .Values.registry.tls }}
      {{- if .enabled }}
      {{- $authority := eq .source "generate" | ternary "petiole-registry-ca" .caConfigMap }}
      {{- if $authority }}
      - configMap:
          name: {{ $authority }}
      {{- else }}
      - secret:
          name: {{ include "petiole.certificateSecret" $ }}
      {{- end }}
          items:
            - {key: ca.crt, path: ca.crt}
      {{- end }}
      {{- end }}
{{- end -}}

{{/*
Where the registry keeps its data, as JSON: {"type": "pvc"} or {"type": "hostPath", "node": name}.
The cluster is asked only for what the values leave open.
*/}}
{{- define "petiole.storage" -}}
{{- $wish := .Values.registry.storage -}}
{{- $type := $wish.type -}}
{{- $node := $wish.node -}}
{{- if or (eq $type "auto") (and (eq $type "hostPath") (not $node)) -}}
  {{- $existing := lookup "apps/v1" "StatefulSet" .Release.Namespace (include "petiole.registry" .) -}}
  {{- $existingNode := dig "metadata" "annotations" "petiole.dev/storage-node" "" $existing -}}
  {{- if eq $type "auto" -}}
    {{- $type = include "petiole.storageType" (dict "root" . "existing" $existing "existingNode" $existingNode) -}}
  {{- end -}}
  {{- if eq $type "hostPath" -}}
    {{- $node = $node | default $existingNode | default (include "petiole.storageNode" .) -}}
  {{- end -}}
{{- end -}}
{{- if .Values.registry.database.url -}}
  {{- dict "type" "none" | toJson -}}
{{- else if eq $type "pvc" -}}
  {{- dict "type" "pvc" | toJson -}}
{{- else if $node -}}
  {{- dict "type" "hostPath" "node" $node | toJson -}}
{{- else -}}
  {{- fail "registry.storage.node: empty, and no schedulable Linux node was found that matches registry.nodeSelector (expected: the name of the node that is to keep the registry's data)" -}}
{{- end -}}
{{- end -}}

{{/* What `auto` means: what an earlier install chose, so that the data stay; else what the cluster offers. */}}
{{- define "petiole.storageType" -}}
{{- $wish := .root.Values.registry.storage -}}
{{- if .existing -}}
  {{- empty .existingNode | ternary "pvc" "hostPath" -}}
{{- else if or $wish.storageClassName (include "petiole.defaultStorageClass" .root) -}}
  pvc
{{- else -}}
  {{- empty (or $wish.node (lookup "v1" "Node" "" "").items) | ternary "pvc" "hostPath" -}}
{{- end -}}
{{- end -}}

{{/* The cluster's default StorageClass, empty if there is none. */}}
{{- define "petiole.defaultStorageClass" -}}
{{- range (lookup "storage.k8s.io/v1" "StorageClass" "" "").items -}}
  {{- if eq "true" (dig "annotations" "storageclass.kubernetes.io/is-default-class" "" .metadata) -}}
    {{- .metadata.name }} {{ end -}}
{{- end -}}
{{- end -}}

{{/* The first node by name on which an ordinary Pod may run, empty if there is none. */}}
{{- define "petiole.storageNode" -}}
{{- $selector := merge (dict "kubernetes.io/os" "linux") .Values.registry.nodeSelector -}}
{{- $fit := list -}}
{{- range (lookup "v1" "Node" "" "").items -}}
  {{- $labels := .metadata.labels | default dict -}}
  {{- $fits := not (dig "spec" "unschedulable" false .) -}}
  {{- range (dig "spec" "taints" list .) -}}
    {{- if has .effect (list "NoSchedule" "NoExecute") -}}{{- $fits = false -}}{{- end -}}
  {{- end -}}
  {{- range $key, $value := $selector -}}
    {{- if ne $value (get $labels $key) -}}{{- $fits = false -}}{{- end -}}
  {{- end -}}
  {{- if $fits -}}{{- $fit = append $fit .metadata.name -}}{{- end -}}
{{- end -}}
{{- with $fit -}}{{- first (sortAlpha .) -}}{{- end -}}
{{- end -}}

{{/* Who may use the API, for the registry: one JSON document, since names of users have colons and lists have commas. */}}
{{- define "petiole.registryAccessEnv" -}}
{{- $security := dict "allowed-origins" .allowedOrigins "subjects" (dict "viewers" .viewers "operators" .operators "admins" .admins "kubernetes-users" .kubernetesUsers) -}}
{{- with .anonymousRole }}{{ $_ := set $security "anonymous-role" . }}{{ end -}}
{{- with .oidc }}{{ if .issuer }}
{{- $_ := set $security "oidc" (dict "issuer" .issuer "audience" .audience "username-claim" .usernameClaim "username-prefix" .usernamePrefix "roles-claim" .rolesClaim "viewers" .viewers "operators" .operators "admins" .admins) -}}
{{- end }}{{ end -}}
- name: SPRING_APPLICATION_JSON
  value: {{ dict "petiole" (dict "security" $security) | toJson | quote }}
{{- end }}
