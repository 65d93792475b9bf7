[private]
default:
    just --list

render node role="controlplane":
    talosctl machineconfig patch talos/{{ role }}.yaml \
        --patch @talos/machine-kubelet.yaml \
        --patch @talos/machine-network.yaml \
        --patch @talos/machine-registries.yaml \
        --patch @talos/nodes/{{ node }}.yaml
