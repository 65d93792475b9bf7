locals {
  mirrors = {
    "docker.io"       = "hub"
    "ghcr.io"         = "ghcr"
    "registry.k8s.io" = "k8s"
  }
}

resource "talos_machine_secrets" "this" {
  talos_version = var.talos_version
}

data "talos_machine_configuration" "controlplane" {
  cluster_name     = var.cluster_name
  cluster_endpoint = "https://${var.vip}:6443"
  machine_type     = "controlplane"
  machine_secrets  = talos_machine_secrets.this.machine_secrets
  talos_version    = var.talos_version

  config_patches = concat(
    [
      file("${path.module}/files/common.yaml"),
      file("${path.module}/files/controlplane.yaml"),
      file("${path.module}/files/remove-admission.yaml"),
    ],
    [yamlencode({
      machine = {
        registries = {
          mirrors = { for name, project in local.mirrors : name => {
            endpoints    = ["https://${var.harbor_host}/v2/${project}"]
            overridePath = true
          } }
        }
      }
    })],
  )
}

data "talos_machine_configuration" "worker" {
  cluster_name     = var.cluster_name
  cluster_endpoint = "https://${var.vip}:6443"
  machine_type     = "worker"
  machine_secrets  = talos_machine_secrets.this.machine_secrets
  talos_version    = var.talos_version

  config_patches = [
    file("${path.module}/files/common.yaml"),
    file("${path.module}/files/registry-credentials.json"),
  ]
}

resource "talos_machine_configuration_apply" "worker" {
  for_each                    = var.workers
  client_configuration        = talos_machine_secrets.this.client_configuration
  machine_configuration_input = data.talos_machine_configuration.worker.machine_configuration
  node                        = each.value.address

  config_patches = [
    templatefile("${path.module}/templates/node.yaml.tftpl", {
      hostname = each.key
      address  = each.value.address
      gateway  = var.gateway
    }),
    templatefile("${path.module}/templates/registries.yaml.tftpl", {
      harbor_host = var.harbor_host
      mirrors     = local.mirrors
    }),
  ]
}
