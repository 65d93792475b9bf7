cluster_name = "prod"
vip          = "10.30.0.10"
gateway      = "10.30.0.1"
workers = {
  prod-w1 = { address = "10.30.0.21" }
  prod-w2 = { address = "10.30.0.22" }
}
