//go:build talos1.13

package main

import "github.com/siderolabs/talos/pkg/images"

func installer() string {
	return images.DefaultInstallerImage
}
