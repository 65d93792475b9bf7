// Only marks the module root: each build names its own file, for example -modfile=talos-1.14.1.mod.
module oracle/listed

go 1.25.0
