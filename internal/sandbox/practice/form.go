package practice

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"portvakt/jwk"
	"portvakt/views"
)

// parseForm reads the body as a form. Afterwards r.PostForm has what was typed.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	if err != nil {
		return fmt.Errorf("reading the form: %w", errForm)
	}
	return nil
}

// Codes of what is refused here, before the sandbox hears of it.
const (
	codePrivate = "key.private"
	codeToken   = "token"
)

// typed is the text of one field. A private key or a token is never passed on, whichever field it was pasted into: the
// text is then empty and there is a problem.
func typed(r *http.Request, field string) (string, views.PracticeProblems) {
	text := strings.ReplaceAll(r.PostForm.Get(field), "\r\n", "\n")
	if jwk.Leaks([]byte(text)) {
		return "", views.PracticeProblems{{Field: field, Code: codePrivate}}
	}
	if jwk.HasSigned(text) {
		return "", views.PracticeProblems{{Field: field, Code: codeToken}}
	}
	return text, nil
}

// shown is a text as a page can hold it: what a browser cannot send back is replaced.
func shown(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// words are the items of a list typed as text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' })
}

// button says whether the form was sent with the button of that name.
func button(r *http.Request, name string) bool { return r.PostForm.Get(name) != "" }

// about says whether one of the problems is about the field.
func about(problems views.PracticeProblems, field string) bool {
	return slices.ContainsFunc(problems, func(p views.PracticeProblem) bool { return p.Field == field })
}
