// Pull makes one pull of an image and logs every request that containerd's library makes for it.
//
//	pull cri SOCKET IMAGE                 asks the CRI service of the containerd at SOCKET, as the kubelet does
//	pull talos SOCKET IMAGE < hosts.json  pulls into it from the given hosts, as Talos does with containerd's client
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/containerd/containerd/v2/client"
	"github.com/containerd/containerd/v2/core/images"
	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/pkg/namespaces"
	"github.com/containerd/log"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// The time-outs of the connections that Talos' own puller makes.
const (
	dialTimeout      = 30 * time.Second
	handshakeTimeout = 10 * time.Second
	stallTimeout     = 90 * time.Second
)

type host struct {
	Scheme     string `json:"scheme"`
	Host       string `json:"host"`
	Path       string `json:"path"`
	SkipVerify bool   `json:"skip_verify"`
	CA         string `json:"ca"`
	ClientCert string `json:"client_cert"`
	ClientKey  string `json:"client_key"`
	Username   string `json:"username"`
	Password   string `json:"password"`
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(puller, socket, image string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()

	if puller == "talos" {
		return pullAsTalos(ctx, socket, image)
	}

	return pullThroughCRI(ctx, socket, image)
}

func pullThroughCRI(ctx context.Context, socket, image string) error {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()

	request := &cri.PullImageRequest{Image: &cri.ImageSpec{Image: image}}
	_, err = cri.NewImageServiceClient(connection).PullImage(ctx, request)

	return err
}

func pullAsTalos(ctx context.Context, socket, image string) error {
	var hosts []host
	if err := json.NewDecoder(os.Stdin).Decode(&hosts); err != nil {
		return err
	}

	if err := log.SetLevel("debug"); err != nil {
		return err
	}

	// With times finer than a second, as containerd itself logs.
	if err := log.SetFormat(log.TextFormat); err != nil {
		return err
	}

	c, err := client.New(socket)
	if err != nil {
		return err
	}
	defer c.Close()

	resolver := docker.NewResolver(docker.ResolverOptions{
		Hosts: func(string) ([]docker.RegistryHost, error) { return registryHosts(hosts) },
	})
	_, err = c.Pull(namespaces.WithNamespace(ctx, "system"), image,
		client.WithPullUnpack,
		client.WithPullSnapshotter("native"),
		client.WithChildLabelMap(images.ChildGCLabelsFilterLayers),
		client.WithResolver(resolver),
	)

	return err
}

// registryHosts gives every host a client and an authorizer of its own, and makes them anew each time, as Talos does.
func registryHosts(hosts []host) ([]docker.RegistryHost, error) {
	found := make([]docker.RegistryHost, 0, len(hosts))

	for _, h := range hosts {
		tlsConfig, err := h.tlsConfig()
		if err != nil {
			return nil, err
		}

		httpClient := &http.Client{Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         dial,
			DisableKeepAlives:   true,
			TLSClientConfig:     tlsConfig,
			TLSHandshakeTimeout: handshakeTimeout,
		}}
		credentials := func(string) (string, string, error) { return h.Username, h.Password, nil }
		found = append(found, docker.RegistryHost{
			Client:       httpClient,
			Authorizer:   docker.NewDockerAuthorizer(docker.WithAuthClient(httpClient), docker.WithAuthCreds(credentials)),
			Scheme:       h.Scheme,
			Host:         h.Host,
			Path:         h.Path,
			Capabilities: docker.HostCapabilityPull | docker.HostCapabilityResolve | docker.HostCapabilityReferrers,
		})
	}

	return found, nil
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}

	return guarded{connection}, nil
}

// guarded is a connection of which a read fails when nothing comes for stallTimeout.
type guarded struct{ net.Conn }

func (g guarded) Read(b []byte) (int, error) {
	if err := g.SetReadDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}

	return g.Conn.Read(b)
}

// tlsConfig trusts the given CA alone, and the system's where none is given.
func (h host) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{InsecureSkipVerify: h.SkipVerify}

	if h.CA != "" {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM([]byte(h.CA))
	}

	if h.ClientCert != "" {
		pair, err := tls.X509KeyPair([]byte(h.ClientCert), []byte(h.ClientKey))
		if err != nil {
			return nil, err
		}

		config.Certificates = []tls.Certificate{pair}
	}

	return config, nil
}
