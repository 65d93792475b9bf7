// Only marks the module root: each build names its own file, for example -modfile=talos-1.14.1.mod.
module github.com/siderolabs/talos/registry-oracle

go 1.25.0
