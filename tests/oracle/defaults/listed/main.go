// The oracle of default images: what nodes of one exact release pull unless their config says otherwise, one JSON object per line.
// It is for the releases whose main module, which lists them, is served.
package main

import (
	"encoding/json"
	"os"

	"github.com/siderolabs/talos/pkg/images"
	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/container"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
)

// Who pulls: Talos itself, or containerd.
const (
	talos = "talos"
	cri   = "cri"
)

type image struct {
	Name      string `json:"name"`
	Reference string `json:"reference"`
	Puller    string `json:"puller"`
}

// plain is a config that names no image.
func plain() config.Config {
	return container.NewV1Alpha1(&v1alpha1.Config{
		MachineConfig: &v1alpha1.MachineConfig{MachineKubelet: &v1alpha1.KubeletConfig{}},
		ClusterConfig: &v1alpha1.ClusterConfig{
			EtcdConfig:              &v1alpha1.EtcdConfig{},
			APIServerConfig:         &v1alpha1.APIServerConfig{},
			ControllerManagerConfig: &v1alpha1.ControllerManagerConfig{},
			SchedulerConfig:         &v1alpha1.SchedulerConfig{},
			CoreDNSConfig:           &v1alpha1.CoreDNS{},
			ProxyConfig:             &v1alpha1.ProxyConfig{},
		},
	})
}

// bundle lists the images of Kubernetes in the order of `talosctl image k8s-bundle`.
func bundle() []image {
	list := images.List(plain())

	return []image{
		{"flannel", list.Flannel.String(), cri},
		{"coredns", list.CoreDNS.String(), cri},
		{"etcd", list.Etcd.String(), talos},
		{"pause", list.Pause.String(), cri},
		{"kube-apiserver", list.KubeAPIServer.String(), cri},
		{"kube-controller-manager", list.KubeControllerManager.String(), cri},
		{"kube-scheduler", list.KubeScheduler.String(), cri},
		{"kube-proxy", list.KubeProxy.String(), cri},
		{"kubelet", list.Kubelet.String(), talos},
		{"kube-network-policies", list.KubeNetworkPolicies.String(), cri},
	}
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, row := range append(bundle(), image{"installer", installer(), talos}) {
		if err := out.Encode(row); err != nil {
			panic(err)
		}
	}
}
