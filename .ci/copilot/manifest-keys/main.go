// Command manifest-keys checks the keys and types of Copilot manifests against Copilot's own Go
// structures. Copilot itself ignores a key it does not know and swallows type errors under some
// keys (`http` is one): a misspelt `stickines: true` deploys without stickiness and without a word.
//
// It is compiled inside a copy of Copilot's module, because the structures are internal to it.
//
// Usage: manifest-keys MANIFEST...     prints one line per file and problem, exits 1 on a problem
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/copilot-cli/internal/pkg/manifest"
	"gopkg.in/yaml.v3"
)

var (
	durationType    = reflect.TypeFor[time.Duration]()
	nodeType        = reflect.TypeFor[yaml.Node]()
	unmarshalerType = reflect.TypeFor[yaml.Unmarshaler]()
)

func main() {
	failed := len(os.Args) < 2
	if failed {
		fmt.Println("not ok - manifest-keys: no manifest given. Next: pass some manifest.yml")
	}
	for _, file := range os.Args[1:] {
		problems, keys := checkFile(file)
		for _, problem := range problems {
			fmt.Printf("not ok - %s: %s. Next: correct the manifest\n", file, problem)
		}
		if len(problems) == 0 {
			fmt.Printf("ok - %s: Copilot reads all of its %d keys, with these types\n", file, keys)
		}
		failed = failed || len(problems) > 0
	}
	if failed {
		os.Exit(1)
	}
}

// checkFile returns what is wrong with a manifest, and how many keys it looked at.
func checkFile(file string) ([]string, int) {
	content, err := os.ReadFile(file)
	if err != nil {
		return []string{err.Error()}, 0
	}
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return []string{err.Error()}, 0
	}
	if len(document.Content) == 0 {
		return []string{"is empty"}, 0
	}
	root, readable, err := manifestType(content)
	if err != nil {
		return []string{err.Error()}, 0
	}
	w := walker{workspace: filepath.Dir(filepath.Dir(file))}
	problems := w.check(document.Content[0], root, "")
	if len(problems) == 0 && readable != nil {
		problems = []string{"Copilot cannot read it: " + strings.ReplaceAll(readable.Error(), "\n", " ")}
	}
	return problems, w.keys
}

// manifestType returns the structure that Copilot decodes this manifest into, and Copilot's own
// complaint about it, if it has one.
func manifestType(content []byte) (root reflect.Type, readable, err error) {
	var kind struct{ Type string }
	_ = yaml.Unmarshal(content, &kind) // an unreadable type stays empty, and Copilot then refuses it
	if kind.Type == manifest.Environmentmanifestinfo {
		_, readable = manifest.UnmarshalEnvironment(content)
		return reflect.TypeFor[manifest.Environment](), readable, nil
	}
	empty, err := manifest.UnmarshalWorkload([]byte("type: " + kind.Type))
	if err != nil {
		return nil, nil, err
	}
	_, readable = manifest.UnmarshalWorkload(content)
	return reflect.TypeOf(empty.Manifest()), readable, nil
}

type walker struct {
	workspace string // the copilot/ folder, where environments/ is
	keys      int
}

// check compares a YAML value with the Go type that Copilot decodes it into.
func (w *walker) check(node *yaml.Node, t reflect.Type, path string) []string {
	if node.Kind == yaml.AliasNode {
		return w.check(node.Alias, t, path)
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nodeType || t.Kind() == reflect.Interface:
		return nil // free-form, such as the value of a taskdef_overrides rule
	case node.Tag == "!!null":
		return problem(node, path, "has no value, so Copilot ignores it")
	case t == durationType:
		return checkDuration(node, path)
	case isUnion(t):
		return w.checkUnion(node, t, path)
	case !slices.Contains(shapes(t), node.Kind):
		return problem(node, path, "takes %s, not %s", describe(t), kindName(node.Kind))
	}
	switch t.Kind() {
	case reflect.Struct:
		return w.checkStruct(node, t, path)
	case reflect.Map:
		return w.checkMap(node, t.Elem(), path)
	case reflect.Slice:
		var problems []string
		for i, item := range node.Content {
			problems = append(problems, w.check(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))...)
		}
		return problems
	}
	if err := node.Decode(reflect.New(t).Interface()); err != nil {
		yamlType := strings.TrimPrefix(node.ShortTag(), "!!")
		return problem(node, path, "takes %s, not %s %q", describe(t), yamlType, node.Value)
	}
	return nil
}

func (w *walker) checkStruct(node *yaml.Node, t reflect.Type, path string) []string {
	known := fields(t)
	var problems []string
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		keyPath := join(path, key.Value)
		w.keys++
		switch fieldType, ok := known[key.Value]; {
		case key.Tag == "!!merge":
			problems = append(problems, w.check(value, t, path)...)
		case !ok:
			problems = append(problems, problem(key, keyPath,
				"is not a key that Copilot knows, so it ignores it (it knows %s)", names(known))...)
		case seen[key.Value]:
			problems = append(problems, problem(key, keyPath, "is there twice")...)
		case keyPath == "environments":
			problems = append(problems, w.checkEnvironments(value, fieldType)...)
		default:
			problems = append(problems, w.check(value, fieldType, keyPath)...)
		}
		seen[key.Value] = true
	}
	return problems
}

func (w *walker) checkMap(node *yaml.Node, element reflect.Type, path string) []string {
	var problems []string
	for i := 0; i < len(node.Content); i += 2 {
		w.keys++
		key, value := node.Content[i], node.Content[i+1]
		problems = append(problems, w.check(value, element, join(path, key.Value))...)
	}
	return problems
}

// checkEnvironments also looks for the environments themselves: Copilot ignores the settings of
// one that does not exist.
func (w *walker) checkEnvironments(node *yaml.Node, t reflect.Type) []string {
	problems := w.check(node, t, "environments")
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		name := node.Content[i].Value
		file := filepath.Join(w.workspace, "environments", name, "manifest.yml")
		if _, err := os.Stat(file); err != nil {
			problems = append(problems, problem(node.Content[i], join("environments", name),
				"names an environment without a manifest in copilot/environments/%s", name)...)
		}
	}
	return problems
}

// checkUnion accepts what one of the forms of a "this or that" type accepts, such as
// `count: 2` and `count: {range: 2-10}`.
func (w *walker) checkUnion(node *yaml.Node, t reflect.Type, path string) []string {
	var first []string
	for _, form := range forms(t) {
		if !slices.Contains(shapes(form), node.Kind) {
			continue
		}
		problems := w.check(node, form, path)
		if len(problems) == 0 {
			return nil
		}
		if first == nil {
			first = problems
		}
	}
	if first == nil {
		return problem(node, path, "takes %s, not %s", describe(t), kindName(node.Kind))
	}
	return first
}

// checkDuration is stricter than Copilot, which reads a bare 10 as ten nanoseconds and renders 0.
func checkDuration(node *yaml.Node, path string) []string {
	if _, err := time.ParseDuration(node.Value); err != nil || node.Kind != yaml.ScalarNode {
		return problem(node, path, "takes a time with its unit, such as 10s, not %q", node.Value)
	}
	return nil
}

// isUnion tells Copilot's "this or that" types: they decode themselves, and their fields are the
// forms that they accept rather than YAML keys.
func isUnion(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(unmarshalerType) {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") != "" {
			return false
		}
	}
	return true
}

func forms(t reflect.Type) []reflect.Type {
	var types []reflect.Type
	for i := range t.NumField() {
		field := t.Field(i)
		// Union[Basic, Advanced] remembers in two unexported booleans which form it holds.
		if !field.IsExported() && field.Type.Kind() == reflect.Bool {
			continue
		}
		types = append(types, field.Type)
	}
	return types
}

// shapes returns the YAML node kinds that a Go type can be written as.
func shapes(t reflect.Type) []yaml.Kind {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case isUnion(t):
		var kinds []yaml.Kind
		for _, form := range forms(t) {
			kinds = append(kinds, shapes(form)...)
		}
		return kinds
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return []yaml.Kind{yaml.MappingNode}
	case t.Kind() == reflect.Slice:
		return []yaml.Kind{yaml.SequenceNode}
	}
	return []yaml.Kind{yaml.ScalarNode}
}

// fields returns the YAML keys of a structure, those of inlined structures included.
func fields(t reflect.Type) map[string]reflect.Type {
	known := map[string]reflect.Type{}
	for i := range t.NumField() {
		field := t.Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("yaml"), ",")
		if strings.Contains(options, "inline") {
			for key, inlined := range fields(field.Type) {
				known[key] = inlined
			}
			continue
		}
		if !field.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = strings.ToLower(field.Name) // the rule of the YAML package
		}
		known[name] = field.Type
	}
	return known
}

func problem(node *yaml.Node, path, format string, values ...any) []string {
	if path == "" {
		path = "the manifest"
	}
	return []string{fmt.Sprintf("line %d: %s %s", node.Line, path, fmt.Sprintf(format, values...))}
}

func describe(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case isUnion(t):
		var parts []string
		for _, form := range forms(t) {
			parts = append(parts, describe(form))
		}
		return strings.Join(parts, " or ")
	case t == durationType:
		return "a time such as 10s"
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return "a map"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Bool:
		return "true or false, without quotes"
	case t.Kind() == reflect.String:
		return "a text"
	}
	return "a number (" + t.Kind().String() + ")"
}

func kindName(kind yaml.Kind) string {
	return map[yaml.Kind]string{
		yaml.ScalarNode: "a single value", yaml.MappingNode: "a map", yaml.SequenceNode: "a list",
	}[kind]
}

func names(known map[string]reflect.Type) string {
	var keys []string
	for key := range known {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
