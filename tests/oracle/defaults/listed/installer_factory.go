//go:build !talos1.13

package main

import "github.com/siderolabs/talos/pkg/images"

// installer is what the Image Factory makes for each platform; whoever reads it puts one in place of the braces.
func installer() string {
	return images.InstallerImage("{platform}")
}
