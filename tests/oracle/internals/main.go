// The oracle of Talos' internals: what a node makes of the registry settings of a config, one JSON object per line in and out.
//
// With an image as its argument it begins to pull that instead, by the config on standard input.
//
// It is for the releases whose main module is served; its path lies below that of Talos, so it may import internal packages.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
)

// request holds a config, whether the image cache of the node is ready, references, and how often files are rendered, for Talos
// goes through documents in random order.
type request struct {
	In         string   `json:"in"`
	ImageCache bool     `json:"image_cache"`
	Images     []string `json:"images"`
	Renderings int      `json:"renderings"`
}

type object = map[string]any

func main() {
	if len(os.Args) > 1 {
		if err := fetch(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}

		return
	}

	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)

	for requests.More() {
		var asked request

		must(requests.Decode(&asked))
		must(answers.Encode(answer(asked)))
	}

	must(out.Flush())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func answer(asked request) (said object) {
	defer func() {
		if crash := recover(); crash != nil {
			said = object{"panic": fmt.Sprint(crash)}
		}
	}()

	loaded, err := configloader.NewFromBytes([]byte(asked.In))
	if err != nil {
		return object{"load_error": err.Error()}
	}

	registries := registriesOf(loaded, asked.ImageCache)

	return object{
		"plans": plans(registries, asked.Images),
		"hosts": renderings(registries, asked.Renderings),
		"auth":  authPart(registries),
	}
}
