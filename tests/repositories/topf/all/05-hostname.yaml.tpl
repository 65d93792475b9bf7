apiVersion: v1alpha1
kind: HostnameConfig
hostname: {{ .Node.Host }}
auto: off
