package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/log"

	"github.com/siderolabs/talos/internal/pkg/containers/image"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
)

// fetch resolves an image and fetches what its name means, as Talos' puller begins a pull, from the hosts of the config on
// standard input; it logs every request.
func fetch(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()

	log.L.Logger.SetOutput(os.Stderr)

	if err := log.SetLevel("debug"); err != nil {
		return err
	}

	loaded, err := configloader.NewFromReader(os.Stdin)
	if err != nil {
		return err
	}

	named, err := parseReference(text)
	if err != nil {
		return err
	}

	resolver := image.NewResolver(registriesOf(loaded, false))

	name, found, err := resolver.Resolve(ctx, named.String())
	if err != nil {
		return err
	}

	fetcher, err := resolver.Fetcher(ctx, name)
	if err != nil {
		return err
	}

	content, err := fetcher.Fetch(ctx, found)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck

	verifier := found.Digest.Verifier()
	if _, err = io.Copy(verifier, content); err != nil {
		return err
	}

	// What containerd's client, which writes the image down, would refuse.
	if !verifier.Verified() {
		return fmt.Errorf("the manifest is not %s", found.Digest)
	}

	if !images.IsManifestType(found.MediaType) && !images.IsIndexType(found.MediaType) {
		return fmt.Errorf("unexpected media type %q", found.MediaType)
	}

	return nil
}
