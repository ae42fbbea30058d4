package views

import (
	"reflect"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// hostile is what people and other machines could put into any text.
var hostile = []string{
	`<script>alert(1)</script>"'&{{.}} javascript:` + "\u202e",
	`javascript:alert(1)//`,
	`data:text/html,<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</title></textarea></pre></svg></script><script>alert(1)</script>`,
	"`${alert(1)}` <!-- --> ]]> &lt;b&gt; {{define \"x\"}}",
}

// Every text of every page is replaced by a hostile one. The page must have the
// same elements with the same attributes as with a harmless text of that length,
// must not lead to an address that is a program, and must show the text as it is.
func TestHostileText(t *testing.T) {
	t.Parallel()
	for _, e := range Examples(In(Bokmal)) {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			for _, text := range hostile {
				harmless := strings.Repeat("x", len(text))
				got, want := parsed(t, with(e, text)), parsed(t, with(e, harmless))
				if diff := cmp.Diff(shape(want), shape(got)); diff != "" {
					t.Errorf("%q changes the page (-harmless +hostile):\n%s", text, diff)
				}
				checkAddresses(t, got)
				if !strings.Contains(contents(got), text) {
					t.Errorf("%q is not shown as it is", text)
				}
			}
		})
	}
}

func parsed(t *testing.T, source string) *goquery.Document {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// with renders an example with another text in every field.
func with(e Example, text string) string {
	data := reflect.New(reflect.TypeOf(e.data)).Elem()
	data.Set(reflect.ValueOf(e.data))
	return source(e.show(filled(data, text).Interface()))
}

// filled is a copy of a value in which every string is the text. The words of
// the language stay, and so do the keys of maps, which are names of ours.
func filled(v reflect.Value, text string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Text]() {
			return out
		}
		for i := range v.NumField() {
			// A draft's address is a path of ours that no request has a part in.
			if v.Type().Field(i).Name != "Draft" {
				out.Field(i).Set(filled(v.Field(i), text))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(filled(v.Elem(), text))
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i), text))
		}
	case reflect.Map:
		if !v.IsNil() {
			out.Set(reflect.MakeMap(v.Type()))
		}
		for _, key := range v.MapKeys() {
			out.SetMapIndex(key, filled(v.MapIndex(key), text))
		}
	}
	return out
}

// shape is the elements of a page with the names of their attributes.
func shape(page *goquery.Document) []string {
	var all []string
	page.Find("*").Contents().Each(func(_ int, e *goquery.Selection) {
		tag := goquery.NodeName(e)
		if tag == "#text" {
			return
		}
		for _, a := range e.Nodes[0].Attr {
			tag += " " + a.Key
		}
		all = append(all, tag)
	})
	return all
}

func checkAddresses(t *testing.T, page *goquery.Document) {
	t.Helper()
	for _, attribute := range []string{"href", "src", "action", "formaction", "xlink:href"} {
		page.Find("[" + strings.ReplaceAll(attribute, ":", `\:`) + "]").Each(func(_ int, e *goquery.Selection) {
			address := strings.ToLower(strings.TrimSpace(e.AttrOr(attribute, "")))
			if strings.HasPrefix(address, "javascript:") || strings.HasPrefix(address, "data:") || strings.HasPrefix(address, "//") {
				t.Errorf("%s leads to %q", tagOf(e), address)
			}
		})
	}
}

// contents is all that a reader can see: texts and the values of fields.
func contents(page *goquery.Document) string {
	var b strings.Builder
	b.WriteString(page.Text())
	page.Find("*").Each(func(_ int, e *goquery.Selection) {
		for _, a := range e.Nodes[0].Attr {
			b.WriteString("\n" + a.Val)
		}
	})
	return b.String()
}
