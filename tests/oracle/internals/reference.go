//go:build !talos1.13

package main

import (
	"github.com/distribution/reference"

	"github.com/siderolabs/talos/internal/pkg/containers/image/imageref"
)

func parseReference(text string) (reference.Named, error) {
	return imageref.Parse(text)
}
