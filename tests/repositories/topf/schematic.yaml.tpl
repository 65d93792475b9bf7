customization:
  systemExtensions:
    officialExtensions:
      - siderolabs/iscsi-tools
{{- if eq .Node.Role "worker" }}
      - siderolabs/util-linux-tools
{{- end }}
