// Package cri is built from the file of Talos' own package that makes registries of a config; the build puts it here. The rest
// of that package has no part in it and takes minutes to build.
package cri
