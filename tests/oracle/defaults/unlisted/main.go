// The oracle of default images: what nodes of one exact release pull unless their config says otherwise, one JSON object per line.
// It is for the releases whose main module, which lists them, is not served.
package main

import (
	"encoding/json"
	"os"

	// Pins the release whose image for the sandbox of a pod is the argument.
	_ "github.com/containerd/containerd/v2/version"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/container"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"github.com/siderolabs/talos/pkg/machinery/constants"
	"github.com/siderolabs/talos/pkg/machinery/gendata"
	"github.com/siderolabs/talos/pkg/machinery/version"
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

// bundle lists the images of Kubernetes in the order of `talosctl image k8s-bundle`, from what the config knows of them.
//
// Flannel's version is a constant, and the sandbox of pods is that of containerd, which the argument says.
func bundle() []image {
	machine, cluster := plain().Machine(), plain().Cluster()

	return []image{
		{"flannel", ours("flannel") + constants.FlannelVersion, cri},
		{"coredns", cluster.CoreDNS().Image(), cri},
		{"etcd", cluster.Etcd().Image(), talos},
		{"kube-apiserver", cluster.APIServer().Image(), cri},
		{"kube-controller-manager", cluster.ControllerManager().Image(), cri},
		{"kube-scheduler", cluster.Scheduler().Image(), cri},
		{"kube-proxy", cluster.Proxy().Image(), cri},
		{"kubelet", machine.Kubelet().Image(), talos},
		{"pause", os.Args[1], cri},
	}
}

func installer() string {
	return ours("installer") + version.Tag
}

// ours is the name of an image that Talos publishes, up to its tag.
func ours(name string) string {
	return gendata.ImagesRegistry + "/" + gendata.ImagesUsername + "/" + name + ":"
}

func main() {
	out := json.NewEncoder(os.Stdout)
	for _, row := range append(bundle(), image{"installer", installer(), talos}) {
		if err := out.Encode(row); err != nil {
			panic(err)
		}
	}
}
