package views

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Scope is the scopes as the settings want them, in one string; Commas is how
// MaskinportenTokenGenerator wants them.
func (v RecipeValues) Scope() string { return strings.Join(v.Scopes, " ") }

// Commas is the scopes with commas between them.
func (v RecipeValues) Commas() string { return strings.Join(v.Scopes, ",") }

// Base is Maskinporten's address without the last slash.
func (v RecipeValues) Base() string { return strings.TrimSuffix(v.Issuer, "/") }

// WellKnown is where Maskinporten's own description of itself is.
func (v RecipeValues) WellKnown() string { return v.Issuer + ".well-known/oauth-authorization-server" }

// Jwks is where Maskinporten's own keys are.
func (v RecipeValues) Jwks() string { return v.Issuer + "jwk" }

// Generator is what MaskinportenTokenGenerator calls the environment.
func (v RecipeValues) Generator() string {
	if v.Environment == "prod" {
		return "production"
	}
	return "test"
}

// keyForms are the forms in which the private key stands in a block. None needs
// quoting where the recipes use it: base64 and a JWK have neither ' nor \ in them,
// and only the JWK has ". A page that fills in the key itself must know them all.
var keyForms = map[string]func(RecipeValues) string{
	// The JWK in base64: EncodedJwk.
	"encoded": func(v RecipeValues) string { return v.Encoded },
	// The JWK as text, between ' and '.
	"jwk": func(v RecipeValues) string { return v.JWK },
	// The JWK as a value in JSON. Words in its place must be a value too.
	"json": func(v RecipeValues) string {
		if json.Valid([]byte(v.JWK)) {
			return v.JWK
		}
		return stringLiteral(v.JWK)
	},
	// PEM on lines of its own, without the last line break.
	"pem": func(v RecipeValues) string { return strings.TrimSuffix(v.PEM, "\n") },
	// PEM on one line, with \n for each line break.
	"pem-escaped": func(v RecipeValues) string { return strings.ReplaceAll(v.PEM, "\n", `\n`) },
}

// filling is a block in the making: the values for the template, and the writer
// that the template writes to. It sees each place of the key as it is reached.
type filling struct {
	RecipeValues
	parts []RecipePart
}

// Write adds text to the block.
func (f *filling) Write(text []byte) (int, error) {
	if len(text) == 0 {
		return 0, nil
	}
	if n := len(f.parts); n > 0 && f.parts[n-1].Form == "" {
		f.parts[n-1].Text += string(text)
	} else {
		f.parts = append(f.parts, RecipePart{Text: string(text)})
	}
	return len(text), nil
}

// Key marks a place of the key: {{.Key "pem" 4}}. The number is the indent. It
// returns the empty text, since the part is added here.
func (f *filling) Key(form string, indent ...int) (string, error) {
	write, ok := keyForms[form]
	if !ok {
		return "", fmt.Errorf("the key has no form %s", form)
	}
	p := RecipePart{Form: form, Text: write(f.RecipeValues)}
	for _, n := range indent {
		p.Indent = n
		p.Text = strings.ReplaceAll(p.Text, "\n", "\n"+strings.Repeat(" ", n))
	}
	f.parts = append(f.parts, p)
	return "", nil
}

// blockText shows a block with not a blank more than it has, which a template
// with a loop would add.
func blockText(parts []RecipePart) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, p := range parts {
			if p.Form != "" {
				if err := keyPlace(p).Render(ctx, w); err != nil {
					return err
				}
			} else if _, err := io.WriteString(w, templ.EscapeString(p.Text)); err != nil {
				return err
			}
		}
		return nil
	})
}
