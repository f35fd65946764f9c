package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// The command that made the file, as the file itself says.
const command = "cd tests/conformance/fields && go run . types > ../../../webhook/manifests/fields.json"

// Types that decode themselves. One that is not named here stops the program.
var ownDecoding = map[reflect.Type]string{
	reflect.TypeFor[resource.Quantity]():  "quantity",
	reflect.TypeFor[intstr.IntOrString](): "intOrString",
	reflect.TypeFor[metav1.Time]():        "time",
	reflect.TypeFor[metav1.FieldsV1]():    "any",
}

var plain = map[reflect.Kind]string{
	reflect.String: "string",
	reflect.Bool:   "bool",
	reflect.Int32:  "int32",
	reflect.Int64:  "int64",
}

// writeTypes writes the type of each kind, and the fields of each type, one type a line.
//
// The type of a field is one of string, bool, int32, int64, quantity, intOrString, time, any; the name
// of another type; or one of these after "[]" (a list) or "{}" (a map from texts).
func writeTypes(out io.Writer) error {
	all := describer{fields: map[string]map[string]string{}, origin: map[string]reflect.Type{}}
	names := map[string]string{}
	for kind, zero := range kinds {
		names[kind] = all.name(reflect.TypeOf(zero))
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(all.fields)) {
		lines = append(lines, text(name)+": "+text(all.fields[name]))
	}
	_, err := fmt.Fprintf(out, "{\n\"source\": %s,\n\"command\": %s,\n\"kinds\": %s,\n\"types\": {\n%s\n}\n}\n",
		text(source()), text(command), text(names), strings.Join(lines, ",\n"))
	return err
}

// text is a value as JSON, with the keys of maps in order.
func text(value any) string {
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(written.String())
}

// source is the module of the types, with its version.
func source() string {
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if module.Path == "k8s.io/api" {
			return module.Path + " " + module.Version
		}
	}
	log.Fatal("built without k8s.io/api")
	return ""
}

type describer struct {
	fields map[string]map[string]string
	origin map[string]reflect.Type
}

func (d describer) name(t reflect.Type) string {
	if own, found := ownDecoding[t]; found {
		return own
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		log.Fatalf("%v decodes itself in a way that is not known here", t)
	}
	if name, found := plain[t.Kind()]; found {
		return name
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.name(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 {
			return "[]" + d.name(t.Elem())
		}
	case reflect.Map:
		if t.Key().Kind() == reflect.String {
			return "{}" + d.name(t.Elem())
		}
	case reflect.Struct:
		return d.object(t)
	}
	log.Fatalf("%v has no name here", t)
	return ""
}

func (d describer) object(t reflect.Type) string {
	name := t.Name()
	if other, found := d.origin[name]; found {
		if other != t {
			log.Fatalf("%v and %v have one name", other, t)
		}
		return name
	}
	d.origin[name] = t
	d.fields[name] = map[string]string{}
	d.addFields(t, d.fields[name])
	return name
}

func (d describer) addFields(t reflect.Type, fields map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case strings.Contains(options, "string"):
			log.Fatalf("%v.%s is written as a text", t, field.Name)
		case tag == "-":
		case field.Anonymous && tag == "":
			d.addFields(field.Type, fields)
		case tag == "":
			log.Fatalf("%v.%s has no name in JSON", t, field.Name)
		default:
			fields[tag] = d.name(field.Type)
		}
	}
}
