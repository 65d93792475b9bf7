package main

import (
	"os"
	"syscall"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
)

// wholeLoad says all of a config as Talos writes it.
func wholeLoad(source []byte) object {
	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return object{"load_error": err.Error()}
	}

	return encoded(loaded)
}

func encoded(provider config.Provider) object {
	said := object{}
	encode(said, "encoded", provider)

	return said
}

// wholePatch says all of a patched config as Talos writes it, and the error of whichever step fails.
func wholePatch(source []byte, texts []string) object {
	result, err := patched(source, texts)
	if err != nil {
		return object{"error": err.Error()}
	}

	return encoded(result)
}

func patched(source []byte, texts []string) (config.Provider, error) {
	patches, err := configpatcher.LoadPatches(texts)
	if err != nil {
		return nil, err
	}

	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return nil, err
	}

	applied, err := configpatcher.Apply(configpatcher.WithConfig(loaded), patches)
	if err != nil {
		return nil, err
	}

	return applied.Config()
}

func wholeRedact(source []byte) object {
	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return object{"load_error": err.Error()}
	}

	return encoded(loaded.RedactSecrets("REDACTED"))
}

// Generating

// recipe is what a config is generated from; secrets are new for each version contract and program.
type recipe struct {
	Contract string              `json:"contract"`
	Machine  string              `json:"machine"`
	Mirrors  map[string][]string `json:"mirrors"`
	Insecure []string            `json:"insecure"`
	SANs     []string            `json:"sans"`
	Sysctls  map[string]string   `json:"sysctls"`
	Disk     string              `json:"disk"`
	Prism    *int                `json:"prism"`
	Comments bool                `json:"comments"`
}

func generated(wanted recipe) object {
	contract, err := config.ParseContractFromVersion(wanted.Contract)
	must(err)

	kind, err := machine.ParseType(wanted.Machine)
	must(err)

	options := append(wanted.options(), generate.WithVersionContract(contract), generate.WithSecretsBundle(secretsOf(contract)))

	input, err := generate.NewInput("cluster", "https://10.0.0.1:6443", "1.34.1", options...)
	if err != nil {
		return object{"error": err.Error()}
	}

	provider, err := input.Config(kind)
	if err != nil {
		return object{"error": err.Error()}
	}

	comments := encoder.CommentsDisabled
	if wanted.Comments {
		comments = encoder.CommentsAll
	}

	text, err := provider.EncodeString(encoder.WithComments(comments))
	must(err)

	return object{"text": text}
}

func (wanted recipe) options() []generate.Option {
	options := []generate.Option{generate.WithAdditionalSubjectAltNames(wanted.SANs)}

	for host, endpoints := range wanted.Mirrors {
		options = append(options, generate.WithRegistryMirror(host, endpoints...))
	}

	for _, host := range wanted.Insecure {
		options = append(options, generate.WithRegistryInsecureSkipVerify(host))
	}

	if wanted.Sysctls != nil {
		options = append(options, generate.WithSysctls(wanted.Sysctls))
	}

	if wanted.Disk != "" {
		options = append(options, generate.WithInstallDisk(wanted.Disk))
	}

	if wanted.Prism != nil {
		options = append(options, generate.WithKubePrismPort(*wanted.Prism))
	}

	return options
}

var bundles = map[config.VersionContract]*secrets.Bundle{}

// secretsOf makes secrets once: a key takes longer than all of the rest.
func secretsOf(contract *config.VersionContract) *secrets.Bundle {
	bundle, ok := bundles[*contract]
	if !ok {
		var err error

		bundle, err = secrets.NewBundle(secrets.NewFixedClock(time.Unix(1767225600, 0)), contract)
		must(err)

		bundles[*contract] = bundle
	}

	return bundle
}

// Measuring

// bench loads and validates files, each of them so many times, and says what that took.
func bench(files []string, times int) object {
	before, refused := processorTime(), 0

	for _, path := range files {
		source, err := os.ReadFile(path)
		must(err)

		for range max(times, 1) {
			if !accepts(source) {
				refused++
			}
		}
	}

	return object{"seconds": (processorTime() - before).Seconds(), "refused": refused}
}

func accepts(source []byte) bool {
	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return false
	}

	_, err = loaded.Validate(metal{}, validation.WithLocal())

	return err == nil
}

func processorTime() time.Duration {
	var used syscall.Rusage

	must(syscall.Getrusage(syscall.RUSAGE_SELF, &used))

	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
