// Only marks the module root: each build names its own file, for example -modfile=talos-1.12.7.mod.
module oracle/unlisted

go 1.25.0
