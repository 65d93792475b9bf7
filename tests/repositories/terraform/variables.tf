variable "cluster_name" { type = string }

variable "vip" { type = string }

variable "gateway" { type = string }

variable "harbor_host" {
  type    = string
  default = "harbor.prod.example"
}

variable "talos_version" {
  type    = string
  default = "v1.11.5"
}

variable "workers" {
  type = map(object({ address = string }))
}
