// The Talos oracle: what Talos' own packages say about a config, one JSON object per line in and out.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"reflect"

	"github.com/distribution/reference"
	"github.com/siderolabs/talos/pkg/machinery/config"
	docs "github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/encoder"
	"github.com/siderolabs/talos/pkg/machinery/config/types/cri"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
)

type request struct {
	Op    string   `json:"op"`
	In    string   `json:"in"`
	B64   *string  `json:"b64"`
	Patch []string `json:"patch"`
	Kinds []string `json:"kinds"`
	Files []string `json:"files"`
	Times int      `json:"times"`

	recipe
}

type object = map[string]any

// metal is the mode of an ordinary node.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

func main() {
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

	source := []byte(asked.In)

	if asked.B64 != nil {
		decoded, err := base64.StdEncoding.DecodeString(*asked.B64)
		must(err)

		source = decoded
	}

	switch asked.Op {
	case "load":
		return load(source)
	case "redact":
		return redact(source)
	case "patch":
		return patch(source, asked.Patch)
	case "reference":
		return parseReference(asked.In)
	case "url":
		return parseURL(asked.In)
	case "shapes":
		return shapes(asked.Kinds)
	case "whole-load":
		return wholeLoad(source)
	case "whole-patch":
		return wholePatch(source, asked.Patch)
	case "redact-whole":
		return wholeRedact(source)
	case "generate":
		return generated(asked.recipe)
	case "bench":
		return bench(asked.Files, asked.Times)
	}

	panic("no such op: " + asked.Op)
}

// Loading

func load(source []byte) object {
	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return object{"load_error": err.Error()}
	}

	said := object{"documents": documents(loaded)}

	if _, err = loaded.Validate(metal{}, validation.WithLocal()); err != nil {
		said["validate_error"] = err.Error()
	}

	if loaded.RawV1Alpha1() == nil {
		encode(said, "encoded", loaded)
		encode(said, "redacted", loaded.RedactSecrets("REDACTED"))
	}

	return said
}

func encode(said object, member string, provider config.Provider) {
	text, err := provider.EncodeString(encoder.WithComments(encoder.CommentsDisabled))
	if err != nil {
		said["encode_error"] = err.Error()

		return
	}

	said[member] = text
}

// redact says what is left of the legacy section; load says it of documents.
func redact(source []byte) object {
	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return object{"load_error": err.Error()}
	}

	raw := loaded.RedactSecrets("REDACTED").RawV1Alpha1()
	if raw == nil || raw.MachineConfig == nil {
		return object{}
	}

	registries := encoder.NewEncoder(&raw.MachineConfig.MachineRegistries, encoder.WithComments(encoder.CommentsDisabled))

	text, err := registries.Encode()
	if err != nil {
		return object{"encode_error": err.Error()}
	}

	return object{"registries": string(text)}
}

func documents(loaded config.Provider) []object {
	found := []object{}

	for _, document := range loaded.Documents() {
		members := object{"apiVersion": document.APIVersion(), "kind": document.Kind()}
		describe(members, document)
		found = append(found, members)
	}

	return found
}

func describe(members object, document docs.Document) {
	switch typed := document.(type) {
	case *cri.RegistryMirrorConfigV1Alpha1:
		members["name"] = typed.MetaName
		members["endpoints"] = endpoints(typed.RegistryEndpoints)
		set(members, "skipFallback", typed.RegistrySkipFallback)
	case *cri.RegistryAuthConfigV1Alpha1:
		members["name"] = typed.MetaName
		members["username"] = typed.RegistryUsername
		members["password"] = typed.RegistryPassword
		members["auth"] = typed.RegistryAuth
		members["identityToken"] = typed.RegistryIdentityToken
	case *cri.RegistryTLSConfigV1Alpha1:
		members["name"] = typed.MetaName
		members["ca"] = typed.TLSCA
		set(members, "insecureSkipVerify", typed.TLSInsecureSkipVerify)

		if identity := typed.TLSClientIdentity; identity != nil {
			members["clientIdentity"] = object{"cert": identity.Cert, "key": identity.Key}
		}
	default:
		if document.Kind() == "ImageCacheConfig" {
			// Reflection, because Talos 1.12 and 1.13 have no such type.
			local := reflect.ValueOf(document).Elem().FieldByName("LocalConfig")
			set(members, "enabled", local.FieldByName("ConfigEnabled").Interface().(*bool))
		}
	}
}

func endpoints(listed []cri.RegistryEndpoint) []object {
	found := []object{}

	for _, endpoint := range listed {
		members := object{"url": nil}

		if parsed := endpoint.EndpointURL.URL; parsed != nil {
			members = object{"url": parsed.String(), "scheme": parsed.Scheme, "host": parsed.Host}
		}

		set(members, "overridePath", endpoint.EndpointOverridePath)
		found = append(found, members)
	}

	return found
}

func set(members object, name string, flag *bool) {
	if flag != nil {
		members[name] = *flag
	}
}

// Patches

func patch(source []byte, texts []string) object {
	patches, err := configpatcher.LoadPatches(texts)
	if err != nil {
		return object{"patch_error": err.Error()}
	}

	loaded, err := configloader.NewFromBytes(source)
	if err != nil {
		return object{"load_error": err.Error()}
	}

	applied, err := configpatcher.Apply(configpatcher.WithConfig(loaded), patches)
	if err != nil {
		return object{"apply_error": err.Error()}
	}

	result, err := applied.Config()
	if err != nil {
		return object{"result_error": err.Error()}
	}

	if raw := result.RawV1Alpha1(); raw != nil {
		return object{"documents": documents(result), "legacy": legacy(raw)}
	}

	said := object{}
	encode(said, "encoded", result)

	return said
}

// legacy says what the v1alpha1 document holds about registries.
func legacy(raw *v1alpha1.Config) object {
	said := object{}

	if raw.MachineConfig == nil {
		return said
	}

	text, err := encoder.NewEncoder(&raw.MachineConfig.MachineRegistries, encoder.WithComments(encoder.CommentsDisabled)).Encode()
	must(err)

	said["registries"] = string(text)

	if features := raw.MachineConfig.MachineFeatures; features != nil && features.ImageCacheSupport != nil {
		said["image_cache"] = features.ImageCacheSupport.CacheLocalEnabled
	}

	return said
}

// References and URLs

func parseReference(text string) object {
	named, err := reference.ParseDockerRef(text)
	if err != nil {
		return object{"error": err.Error()}
	}

	said := object{
		"normalized":    named.String(),
		"registry_host": reference.Domain(named),
		"repository":    reference.Path(named),
	}

	if tagged, ok := named.(reference.Tagged); ok {
		said["tag"] = tagged.Tag()
	}

	if digested, ok := named.(reference.Digested); ok {
		said["digest"] = digested.Digest().String()
	}

	return said
}

func parseURL(text string) object {
	parsed, err := url.Parse(text)
	if err != nil {
		return object{"error": err.Error()}
	}

	return object{"string": parsed.String(), "scheme": parsed.Scheme, "host": parsed.Host, "path": parsed.Path}
}
