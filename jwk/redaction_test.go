package jwk_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"log"
	"log/slog"
	"math/big"
	"reflect"
	"strings"
	"sync"
	"testing"
	texttemplate "text/template"

	"portvakt/jwk"
)

// pieceOf gives a part of 12 characters of secret that stands in text.
func pieceOf(text, secret string) string {
	for i := 0; i+12 <= len(text); i++ {
		if strings.Contains(secret, text[i:i+12]) {
			return text[i : i+12]
		}
	}
	return ""
}

// traces is every private member of the fixed key in every spelling that a
// careless printer may use.
var traces = sync.OnceValue(func() string {
	var m map[string]string
	if err := json.Unmarshal([]byte(fixed().JSON().Reveal()), &m); err != nil {
		panic(err)
	}
	var out strings.Builder
	for _, name := range privateNames {
		value, err := base64.RawURLEncoding.DecodeString(m[name])
		if err != nil {
			panic(err)
		}
		number := new(big.Int).SetBytes(value)
		words := number.Bits()
		fmt.Fprintln(&out, m[name], base64.StdEncoding.EncodeToString(value), hex.EncodeToString(value),
			strings.ToUpper(hex.EncodeToString(value)), number, fmt.Sprint(value), fmt.Sprintf("%#v", value),
			fmt.Sprint(words), fmt.Sprintf("%x", words), fmt.Sprintf("%#v", words), fmt.Sprintf("%o", number),
			hex.EncodeToString([]byte(m[name])), string(value))
	}
	block := fixed().PEM().Reveal()
	fmt.Fprintln(&out, fixed().Encoded().Reveal(), strings.ReplaceAll(block[strings.Index(block, "\n"):], "\n", ""))
	return out.String()
})

// carriers gives a secret in every place that a printer may come to.
func carriers[T any](secret T) map[string]any {
	type exported struct {
		Name string
		K    T
	}
	type hidden struct {
		Name string
		k    T
	}
	type pointed struct{ K, k *T }
	type boxed struct{ K, k any }
	type embedded struct{ T exported }
	return map[string]any{
		"itself":          secret,
		"pointer":         &secret,
		"exported":        exported{"n", secret},
		"hidden":          hidden{"n", secret},
		"pointer hidden":  &hidden{"n", secret},
		"pointed":         pointed{&secret, &secret},
		"boxed":           boxed{secret, secret},
		"boxed pointer":   &boxed{&secret, &secret},
		"embedded":        embedded{exported{"n", secret}},
		"slice":           []T{secret},
		"slice of hidden": []hidden{{"n", secret}},
		"pointers":        []*T{&secret},
		"array":           [1]T{secret},
		"map":             map[string]T{"k": secret},
		"map of pointers": map[string]*T{"k": &secret},
		"any":             []any{secret, &secret, map[string]any{"k": secret}},
		"reflected":       reflect.ValueOf(hidden{"n", secret}),
		"reflected field": reflect.ValueOf(hidden{"n", secret}).Field(1),
	}
}

// prints gives what each printer makes of a value.
func prints(value any) map[string]string {
	out := map[string]string{}
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %o %b %c %e %g %t %p %U %T %w %10v %-5s %.3s %#x %#q %+q %+d") {
		out[verb] = fmt.Sprintf(verb, value)
	}
	out["% x"] = fmt.Sprintf("% x", value)
	out["Sprint"] = fmt.Sprint(value)
	for _, surplus := range []string{"nothing"} {
		// A mistake that vet does not see: an argument without a verb is printed too.
		out["too many"] = fmt.Sprintf(surplus, value)
	}
	out["width"] = fmt.Sprintf("%*d", value, value)

	var deep strings.Builder
	dump(&deep, reflect.ValueOf(value), 0)
	out["deep"] = deep.String()

	err := fmt.Errorf("wrapping %v: %w", value, errors.Join(fmt.Errorf("inside %+v", value), errors.New("x")))
	out["error"] = fmt.Sprintf("%v %+v %#v", err, err, err)

	for name, encode := range map[string]func(*bytes.Buffer) error{
		"json":    func(b *bytes.Buffer) error { return json.NewEncoder(b).Encode(value) },
		"xml":     func(b *bytes.Buffer) error { return xml.NewEncoder(b).Encode(value) },
		"gob":     func(b *bytes.Buffer) error { return gob.NewEncoder(b).Encode(value) },
		"gob any": func(b *bytes.Buffer) error { return gob.NewEncoder(b).Encode(&value) },
		"log":     func(b *bytes.Buffer) error { log.New(b, "", 0).Print(value); return nil },
		"template": func(b *bytes.Buffer) error {
			return texttemplate.Must(texttemplate.New("").Parse(`{{.}} {{printf "%d" .}}`)).Execute(b, value)
		},
		"html": func(b *bytes.Buffer) error {
			return template.Must(template.New("").Parse(`<a title="{{.}}">{{.}}<script>var x = {{.}}</script></a>`)).Execute(b, value)
		},
	} {
		var buffer bytes.Buffer
		err := calm(func() error { return encode(&buffer) })
		out[name] = fmt.Sprintf("%s %v", buffer.String(), err)
	}
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"slog text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"slog json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var buffer bytes.Buffer
		logger := slog.New(handler(&buffer)).With("with", value)
		logger.Error("m", "value", value, "error", err, slog.Group("g", "value", value), slog.Any("any", []any{value}))
		out[name] = buffer.String()
	}
	return out
}

// dump prints whatever reflection can reach, as debugging helpers do: through
// pointers, interfaces and unexported fields, asking no method.
func dump(out *strings.Builder, v reflect.Value, depth int) {
	if depth > 12 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		dump(out, v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			dump(out, v.Field(i), depth+1)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			dump(out, v.MapIndex(key), depth+1)
		}
	case reflect.Slice, reflect.Array:
		fmt.Fprintln(out, v)
		for i := range v.Len() {
			dump(out, v.Index(i), depth+1)
		}
	case reflect.Invalid:
	default:
		fmt.Fprintln(out, v)
	}
}

// calm turns a panic (text/template's, over an unexported field) into an
// error, which is searched like the others.
func calm(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %+v", r)
		}
	}()
	return do()
}

func TestNothingPrintsAPrivateKey(t *testing.T) {
	t.Parallel()
	for name, carrier := range carriers(fixed()) {
		for printer, text := range prints(carrier) {
			if found := pieceOf(text, traces()); found != "" {
				t.Errorf("%s, %s: %q got out", name, printer, found)
			}
		}
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	t.Parallel()
	for form, secret := range map[string]jwk.Secret{
		"JSON": fixed().JSON(), "base64": fixed().Encoded(), "PEM": fixed().PEM(), "word": jwk.NewSecret("correct horse battery staple"),
	} {
		text := secret.Reveal()
		words := traces() + text + hex.EncodeToString([]byte(text)) + strings.ToUpper(hex.EncodeToString([]byte(text))) +
			fmt.Sprint([]byte(text)) + fmt.Sprintf("% x", text)
		for name, carrier := range carriers(secret) {
			for printer, text := range prints(carrier) {
				if found := pieceOf(text, words); found != "" {
					t.Errorf("%s, %s, %s: %q got out", form, name, printer, found)
				}
			}
		}
	}
}

// The test above would also pass if nothing at all were printed.
func TestSecretsSaySo(t *testing.T) {
	t.Parallel()
	for _, value := range []any{fixed(), fixed().JSON(), jwk.Secret{}, jwk.Private{}} {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %d %10s") {
			if got, want := fmt.Sprintf(verb, value), "[secret]"; got != want {
				t.Errorf("%T, %s: got %s, want %s", value, verb, got, want)
			}
		}
		if got, err := json.Marshal(value); err != nil || string(got) != `"[secret]"` {
			t.Errorf("%T: got %s, %v", value, got, err)
		}
		if got, err := json.Marshal(struct{ K any }{value}); err != nil || string(got) != `{"K":"[secret]"}` {
			t.Errorf("%T: got %s, %v", value, got, err)
		}
		if got, err := xml.Marshal(struct {
			XMLName xml.Name `xml:"x"`
			K       any
		}{K: value}); err != nil || !strings.Contains(string(got), "<K>[secret]</K>") {
			t.Errorf("%T: got %s, %v", value, got, err)
		}
		var buffer bytes.Buffer
		slog.New(slog.NewJSONHandler(&buffer, nil)).Info("m", "k", value)
		slog.New(slog.NewTextHandler(&buffer, nil)).Info("m", "k", value)
		if got := buffer.String(); !strings.Contains(got, `"k":"[secret]"`) || !strings.Contains(got, "k=[secret]") {
			t.Errorf("%T: got %s", value, got)
		}
	}
	if got, want := jwk.NewSecret("x").Reveal(), "x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The tests above are worth what the search is worth: it must find what the
// standard library prints of the same key.
func TestTheSearchFindsAKey(t *testing.T) {
	t.Parallel()
	var m map[string]string
	if err := json.Unmarshal([]byte(fixed().JSON().Reveal()), &m); err != nil {
		t.Fatal(err)
	}
	d, _ := base64.RawURLEncoding.DecodeString(m["d"])
	type holder struct{ secret []byte }
	for name, carrier := range map[string]any{"bytes": d, "text": m["d"], "number": new(big.Int).SetBytes(d), "struct": holder{d}} {
		for _, verb := range []string{"%v", "%x", "%X", "%d"} {
			text := fmt.Sprintf(verb, carrier)
			if name == "text" && verb == "%X" {
				continue
			}
			if pieceOf(text, traces()) == "" {
				t.Errorf("%s, %s: nothing found", name, verb)
			}
		}
	}
}
