package main

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/siderolabs/talos/pkg/machinery/config/config"
	"github.com/siderolabs/talos/pkg/machinery/config/internal/registry"
	"github.com/siderolabs/talos/pkg/machinery/config/types/v1alpha1"
)

// shapes says what Talos decodes documents of some kinds into: every Go type that they are made of.
func shapes(names []string) object {
	kinds := object{v1alpha1.Version: shapeOf(&v1alpha1.Config{})}
	seen := types{}
	seen.add(reflect.TypeFor[v1alpha1.Config]())

	for _, name := range names {
		document, err := registry.New(name, v1alpha1.Version)
		must(err)

		kinds[name] = shapeOf(document)
		seen.add(reflect.TypeOf(document).Elem())
	}

	described := object{}

	for name, typ := range seen {
		described[name] = describeType(typ)
	}

	return object{"kinds": kinds, "types": described}
}

// shapeOf says of a kind its type, whether its documents have names, what Talos redacts in them, and what they exclude.
func shapeOf(document config.Document) object {
	said := object{"type": reflect.TypeOf(document).Elem().String()}

	if _, ok := document.(config.NamedDocument); ok {
		said["named"] = true
	}

	if _, ok := document.(config.NetworkCommonLinkConfig); ok {
		said["link"] = true
	}

	if conflicting, ok := document.(config.ConflictingDocument); ok {
		said["conflicts"] = conflicting.ConflictsWithKinds()
	}

	if secret, ok := document.(config.SecretDocument); ok {
		if paths := redacted(secret); len(paths) > 0 {
			said["redacted"] = paths
		}
	}

	return said
}

// types are the named types that have been met, by the names that error texts give them.
type types map[string]reflect.Type

func (seen types) add(typ reflect.Type) {
	for typ.Name() == "" && (typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map) {
		typ = typ.Elem()
	}

	if typ.PkgPath() == "" && typ.Kind() != reflect.Struct {
		return
	}

	if other, ok := seen[typ.String()]; ok {
		if other != typ {
			panic(fmt.Sprintf("two types are called %s", typ))
		}

		return
	}

	seen[typ.String()] = typ

	switch {
	case readsItself(typ) && typ.Kind() == reflect.Struct && !hasKeys(typ):
	case typ.Kind() == reflect.Struct:
		for field := range fieldsOf(typ) {
			seen.add(field.Type)
		}
	case typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map || typ.Kind() == reflect.Pointer:
		seen.add(typ.Elem())
	}
}

func describeType(typ reflect.Type) object {
	said := object{}

	if methods := methodsOf(typ); len(methods) > 0 {
		said["methods"] = methods
	}

	if typ.Kind() != reflect.Struct {
		said["is"] = underlying(typ)
		words(said, typ)

		return said
	}

	if readsItself(typ) && !hasKeys(typ) {
		return said
	}

	fields := [][]string{}

	for field := range fieldsOf(typ) {
		key, flags := tagOf(field)
		fields = append(fields, []string{key, field.Name, field.Type.String(), strings.Join(flags, " ")})
	}

	said["fields"] = fields

	return said
}

// underlying is what a named type is made of.
func underlying(typ reflect.Type) string {
	switch typ.Kind() { //nolint:exhaustive
	case reflect.Slice:
		return "[]" + typ.Elem().String()
	case reflect.Map:
		return "map[" + typ.Key().String() + "]" + typ.Elem().String()
	case reflect.Pointer:
		return "*" + typ.Elem().String()
	default:
		return typ.Kind().String()
	}
}

var methodNames = []string{"UnmarshalYAML", "MarshalYAML", "UnmarshalText", "MarshalText", "Merge", "IsZero", "String"}

func methodsOf(typ reflect.Type) []string {
	var found []string

	for _, name := range methodNames {
		if _, ok := typ.MethodByName(name); ok {
			found = append(found, name)
		} else if _, ok := reflect.PointerTo(typ).MethodByName(name); ok {
			found = append(found, "*"+name)
		}
	}

	return found
}

func readsItself(typ reflect.Type) bool {
	_, readsYAML := reflect.PointerTo(typ).MethodByName("UnmarshalYAML")

	return readsYAML || reflect.PointerTo(typ).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func hasKeys(typ reflect.Type) bool {
	for field := range fieldsOf(typ) {
		if field.Tag.Get("yaml") != "" {
			return true
		}
	}

	return false
}

// fieldsOf are the fields that YAML reaches, in order.
func fieldsOf(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			field := typ.Field(i)
			if !field.IsExported() && !field.Anonymous || field.Tag.Get("yaml") == "-" {
				continue
			}

			if !yield(field) {
				return
			}
		}
	}
}

func tagOf(field reflect.StructField) (string, []string) {
	parts := strings.Split(field.Tag.Get("yaml"), ",")
	key, flags := parts[0], parts[1:]

	if key == "" && !slices.Contains(flags, "inline") {
		key = strings.ToLower(field.Name)
	}

	for _, name := range []string{"merge", "talos"} {
		if value := field.Tag.Get(name); value != "" {
			flags = append(flags, strings.Split(value, ",")...)
		}
	}

	return key, flags
}

// words says which texts a type of numbers reads, in the order of the numbers, and what it says of others.
func words(said object, typ reflect.Type) {
	number := reflect.New(typ)
	reader, ok := number.Interface().(encoding.TextUnmarshaler)

	if !ok || !number.Elem().CanInt() && !number.Elem().CanUint() {
		return
	}

	found := []string{}

	for value := range uint64(1 << 16) {
		if word, ok := wordOf(reader, number.Elem(), value); ok {
			found = append(found, word)
			said["zero"] = said["zero"] == true || value == 0
		}
	}

	said["words"] = found

	if err := reader.UnmarshalText([]byte("%text%")); err != nil {
		said["error"] = err.Error()
	}
}

// wordOf is the one word that stands for a number.
func wordOf(reader encoding.TextUnmarshaler, number reflect.Value, value uint64) (string, bool) {
	switch {
	case number.CanInt() && !number.OverflowInt(int64(value)):
		number.SetInt(int64(value))
	case number.CanUint() && !number.OverflowUint(value):
		number.SetUint(value)
	default:
		return "", false
	}

	before := number.Interface()

	text, err := before.(encoding.TextMarshaler).MarshalText()
	if err != nil || strings.Contains(string(text), ",") || reader.UnmarshalText(text) != nil {
		return "", false
	}

	return string(text), number.Interface() == before
}

// redacted are the paths of what Talos takes out of a document with everything set.
func redacted(document config.SecretDocument) []string {
	root := reflect.ValueOf(document).Elem()
	fill(root, 0)
	document.Redact("REDACTED")

	var paths []string

	find(root, "", &paths)

	return paths
}

func fill(value reflect.Value, depth int) {
	if depth > 24 || !value.CanSet() {
		return
	}

	switch value.Kind() { //nolint:exhaustive
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem(), depth+1)
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i), depth+1)
		}
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0), depth+1)
	case reflect.Map:
		value.Set(reflect.MakeMap(value.Type()))

		if value.Type().Key().Kind() == reflect.String {
			item := reflect.New(value.Type().Elem()).Elem()
			fill(item, depth+1)
			value.SetMapIndex(reflect.ValueOf("x").Convert(value.Type().Key()), item)
		}
	case reflect.String:
		value.SetString("x")
	case reflect.Uint8:
		value.SetUint('x')
	}
}

func find(value reflect.Value, path string, paths *[]string) {
	switch value.Kind() { //nolint:exhaustive
	case reflect.Pointer:
		if !value.IsNil() {
			find(value.Elem(), path, paths)
		}
	case reflect.Struct:
		for field := range fieldsOf(value.Type()) {
			key, _ := tagOf(field)
			if key != "" {
				key = path + "." + key
			} else {
				key = path
			}

			find(value.FieldByIndex(field.Index), strings.TrimPrefix(key, "."), paths)
		}
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			note(string(value.Bytes()), path, paths)
		} else {
			for i := range value.Len() {
				find(value.Index(i), path+".[]", paths)
			}
		}
	case reflect.Map:
		for _, key := range value.MapKeys() {
			find(value.MapIndex(key), path+".*", paths)
		}
	case reflect.String:
		note(value.String(), path, paths)
	}
}

func note(text, path string, paths *[]string) {
	if text == "REDACTED" {
		*paths = append(*paths, path)
	}
}
