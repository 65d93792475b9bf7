apiVersion: v1alpha1
kind: UserVolumeConfig
name: data
provisioning:
  diskSelector:
    match: disk.dev_path == "{{ .Node.Data.disk }}"
  minSize: 50GiB
