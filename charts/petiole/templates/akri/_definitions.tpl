{{/* "true" if the cluster has this CRD and it was not brought by this release. */}}
{{- define "petiole.isOthers" -}}
{{- $present := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" .name -}}
{{- $owner := dig "metadata" "annotations" "meta.helm.sh/release-name" "" $present -}}
{{- $namespace := dig "metadata" "annotations" "meta.helm.sh/release-namespace" "" $present -}}
{{- if and $present (or (ne $owner .root.Release.Name) (ne $namespace .root.Release.Namespace)) -}}
true
{{- end -}}
{{- end -}}

{{/* The dotted keys of all that has a value, a line each. Input: path, value. */}}
{{- define "petiole.leaves" -}}
{{- if and (kindIs "map" .value) .value -}}
  {{- $path := .path -}}
  {{- range $key, $value := .value -}}
    {{- include "petiole.leaves" (dict "path" (printf "%s.%s" $path $key) "value" $value) -}}
  {{- end -}}
{{- else -}}
{{ .path }}{{ "\n" }}
{{- end -}}
{{- end -}}
