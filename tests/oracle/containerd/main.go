// The containerd oracle: the hosts containerd reads from a directory, one JSON object per line in and out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/remotes/docker/config"
	"github.com/containerd/log"
)

// request holds the files of a hosts directory by path, the directory their contents say they are in, and the
// registry hosts to ask for.
type request struct {
	Files map[string]string `json:"files"`
	Base  string            `json:"base"`
	Hosts []string          `json:"hosts"`
}

type object = map[string]any

func main() {
	log.L.Logger.SetOutput(io.Discard)

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

func answer(asked request) object {
	root, err := os.MkdirTemp("", "hosts")
	must(err)

	defer os.RemoveAll(root) //nolint:errcheck

	if err := write(root, asked); err != nil {
		return object{"write_error": strings.ReplaceAll(err.Error(), root, asked.Base)}
	}

	said := object{}

	for _, host := range asked.Hosts {
		said[host] = hosts(root, asked.Base, host)
	}

	return said
}

func write(root string, asked request) error {
	for path, content := range asked.Files {
		file := filepath.Join(root, path)

		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}

		if err := os.WriteFile(file, []byte(strings.ReplaceAll(content, asked.Base, root)), 0o600); err != nil {
			return err
		}
	}

	return nil
}

func hosts(root, base, host string) object {
	options := config.HostOptions{HostDir: config.HostDirFromRoot(root)}

	found, err := config.ConfigureHosts(context.Background(), options)(host)
	if err != nil {
		return object{"error": strings.ReplaceAll(err.Error(), root, base)}
	}

	listed := []object{}

	for _, one := range found {
		listed = append(listed, describe(one))
	}

	return object{"hosts": listed}
}

func describe(one docker.RegistryHost) object {
	members := object{
		"scheme":       one.Scheme,
		"host":         one.Host,
		"path":         one.Path,
		"capabilities": int(one.Capabilities),
	}

	transport, ok := one.Client.Transport.(*http.Transport)
	if !ok {
		members["http_fallback"] = strings.Contains(fmt.Sprintf("%T", one.Client.Transport), "allback")

		return members
	}

	members["skip_verify"] = transport.TLSClientConfig.InsecureSkipVerify
	members["client_certs"] = len(transport.TLSClientConfig.Certificates)
	members["custom_roots"] = transport.TLSClientConfig.RootCAs != nil

	return members
}
