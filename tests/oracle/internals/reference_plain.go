//go:build talos1.13

package main

import "github.com/distribution/reference"

func parseReference(text string) (reference.Named, error) {
	return reference.ParseDockerRef(text)
}
