package main

import (
	"reflect"

	"github.com/siderolabs/talos/internal/pkg/containers/cri/containerd"
	"github.com/siderolabs/talos/pkg/machinery/resources/cri"
)

const basePath = "/etc/cri/conf.d/hosts"

// renderings are the different hosts directories that so many attempts make.
func renderings(registries cri.Registries, attempts int) []object {
	different := []object{}

next:
	for range attempts {
		made := rendering(registries)

		for _, known := range different {
			if reflect.DeepEqual(known, made) {
				continue next
			}
		}

		different = append(different, made)
	}

	return different
}

func rendering(registries cri.Registries) object {
	made, err := containerd.GenerateHosts(registries, basePath)
	if err != nil {
		return object{"error": err.Error()}
	}

	files := map[string][]byte{}

	for name, directory := range made.Directories {
		for _, file := range directory.Files {
			files[name+"/"+file.Name] = append([]byte{}, file.Contents...)
		}
	}

	return object{"files": files}
}

func authPart(registries cri.Registries) object {
	part, err := containerd.GenerateCRIConfig(registries)
	if err != nil {
		return object{"error": err.Error()}
	}

	return object{"part": part}
}
