package main

import (
	"context"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/log"
	"go.uber.org/zap"

	"github.com/siderolabs/talos/internal/pkg/containers/image"
	"github.com/siderolabs/talos/internal/pkg/containers/image/verify"
	"github.com/siderolabs/talos/pkg/httpdefaults"
	"github.com/siderolabs/talos/pkg/machinery/resources/cri"
)

const tokenHost = "token.invalid"

func init() {
	log.L.Logger.SetOutput(io.Discard)
}

func plans(registries cri.Registries, references []string) []object {
	said := []object{}

	for _, reference := range references {
		said = append(said, plan(registries, reference))
	}

	return said
}

// plan takes the steps of Talos' puller up to where containerd would write the image down.
func plan(registries cri.Registries, text string) object {
	named, err := parseReference(text)
	if err != nil {
		return object{"reference_error": err.Error()}
	}

	said := object{"reference": named.String()}

	if _, err = verify.ImageSignature(
		context.Background(), zap.NewNop(), noResources(), image.NewResolver(registries), image.NewTagFetcher(registries), named.String(),
	); err != nil {
		said["verify_error"] = err.Error()

		return said
	}

	asked := &network{requests: []object{}}

	resolver := docker.NewResolver(docker.ResolverOptions{
		Hosts: func(host string) ([]docker.RegistryHost, error) {
			said["registry_host"] = host

			hosts, hostsErr := image.RegistryHosts(registries)(host)
			if hostsErr != nil {
				said["hosts_error"] = hostsErr.Error()

				return nil, hostsErr
			}

			said["hosts"] = asked.describe(hosts)

			return hosts, nil
		},
	})

	if _, _, err = resolver.Resolve(context.Background(), named.String()); err != nil && said["registry_host"] == nil {
		said["host_error"] = err.Error()
	}

	said["requests"] = asked.requests

	return said
}

// network answers in place of every host: it wants a token, and has no image.
type network struct {
	requests  []object
	challenge string
}

// describe says what a host list holds, and puts the network behind it.
func (asked *network) describe(hosts []docker.RegistryHost) []object {
	described := []object{}

	for _, host := range hosts {
		trust := host.Client.Transport.(*http.Transport).TLSClientConfig
		host.Client.Transport = asked

		described = append(described, object{
			"scheme":       host.Scheme,
			"host":         host.Host,
			"path":         host.Path,
			"capabilities": int(host.Capabilities),
			"skip_verify":  trust.InsecureSkipVerify,
			"client_certs": len(trust.Certificates),
			"custom_roots": !same(trust.RootCAs, httpdefaults.RootCAs()),
		})
	}

	return described
}

func same(one, other *x509.CertPool) bool {
	if one == nil || other == nil {
		return one == other
	}

	return one.Equal(other)
}

func (asked *network) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Host == tokenHost {
		return asked.token(request)
	}

	if request.Header.Get("Authorization") != "" {
		if asked.challenge != request.URL.String() {
			asked.record(request)
		}

		asked.challenge = ""

		return response(request, http.StatusNotFound, "")
	}

	asked.record(request)
	asked.challenge = request.URL.String()

	refusal, err := response(request, http.StatusUnauthorized, "")
	refusal.Header.Set("Www-Authenticate", `Bearer realm="https://`+tokenHost+`/",service="s"`)

	return refusal, err
}

func (asked *network) record(request *http.Request) {
	asked.requests = append(asked.requests, object{"method": request.Method, "url": request.URL.String()})
}

// token adds to the request that is waiting for it with what it was asked for.
func (asked *network) token(request *http.Request) (*http.Response, error) {
	form := url.Values{}

	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		must(err)

		form, err = url.ParseQuery(string(body))
		must(err)
	}

	waiting := asked.requests[len(asked.requests)-1]
	waiting["token"] = object{
		"username":      form.Get("username"),
		"password":      form.Get("password"),
		"refresh_token": form.Get("refresh_token"),
	}

	return response(request, http.StatusOK, `{"token": "t", "access_token": "t"}`)
}

func response(request *http.Request, status int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode:    status,
		Status:        http.StatusText(status),
		Header:        http.Header{},
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       request,
	}, nil
}
