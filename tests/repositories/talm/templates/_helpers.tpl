{{- define "talos.registries" }}
  registries:
    mirrors:
{{- range $name, $endpoint := .Values.registries }}
      {{ $name }}:
        endpoints:
          - {{ $endpoint }}
{{- end }}
{{- end }}

{{- define "talos.config" }}
machine:
  type: {{ .MachineType }}
  install:
    image: {{ .Values.image }}
  {{- include "talos.registries" . }}
cluster:
  clusterName: {{ .Chart.Name }}
  controlPlane:
    endpoint: {{ .Values.endpoint }}
{{- end }}
