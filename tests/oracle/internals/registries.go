package main

import (
	"context"

	"github.com/cosi-project/runtime/pkg/controller"
	"github.com/cosi-project/runtime/pkg/resource"
	"github.com/cosi-project/runtime/pkg/state"
	"github.com/cosi-project/runtime/pkg/state/impl/inmem"
	"github.com/cosi-project/runtime/pkg/state/impl/namespaced"
	"go.uber.org/zap"

	controllers "github.com/siderolabs/talos/registry-oracle/controller"

	"github.com/siderolabs/talos/pkg/machinery/config"
	configres "github.com/siderolabs/talos/pkg/machinery/resources/config"
	"github.com/siderolabs/talos/pkg/machinery/resources/cri"
)

// once is a runtime in which a controller runs one time; what it does not need is nil.
type once struct {
	controller.Runtime

	resources state.State
	events    chan controller.ReconcileEvent
	finish    context.CancelFunc
	written   resource.Resource
}

func (runtime *once) EventCh() <-chan controller.ReconcileEvent { return runtime.events }

func (runtime *once) StartTrackingOutputs() {}

func (runtime *once) Get(ctx context.Context, pointer resource.Pointer, _ ...state.GetOption) (resource.Resource, error) {
	return runtime.resources.Get(ctx, pointer)
}

func (runtime *once) Modify(
	_ context.Context, empty resource.Resource, change func(resource.Resource) error, _ ...controller.ModifyOption,
) error {
	runtime.written = empty

	return change(empty)
}

func (runtime *once) CleanupOutputs(context.Context, ...resource.Kind) error {
	runtime.finish()

	return nil
}

func noResources() state.State {
	return state.WrapCore(namespaced.NewState(inmem.Build))
}

// registriesOf is what the controller of Talos makes of a config, also of one that is not valid.
func registriesOf(loaded config.Provider, imageCache bool) cri.Registries {
	ctx, finish := context.WithCancel(context.Background())
	runtime := &once{resources: noResources(), events: make(chan controller.ReconcileEvent, 1), finish: finish}

	must(runtime.resources.Create(ctx, configres.NewMachineConfig(loaded)))

	if imageCache {
		cache := cri.NewImageCacheConfig()
		cache.TypedSpec().Status = cri.ImageCacheStatusReady
		must(runtime.resources.Create(ctx, cache))
	}

	runtime.events <- controller.ReconcileEvent{}

	must((&controllers.RegistriesConfigController{}).Run(ctx, runtime, zap.NewNop()))

	return runtime.written.(*cri.RegistriesConfig).TypedSpec()
}
