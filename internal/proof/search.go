package proof

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Recognise finds the code of an answer that says no at a stage with a call, as
// far as the answer alone can tell; empty when nothing is known of it.
func Recognise(s Stage, a Answer) string {
	found := recognise(s, failure{status: a.Status, refused: true, answer: a})
	if found == code(s, ReasonUnknown) {
		return ""
	}
	return found
}

// Recognised finds the codes that a pasted text is about: an answer as
// Maskinporten or Altinn writes it, or a line of a log with its words, its code
// or its status in it. They are several where the answer says no more than a
// status, and none when nothing in the text is known.
func Recognised(pasted string) []string {
	a := answerIn(pasted)
	// What Notifications answers somebody who was let in.
	if a.Code == "NOT-00003" {
		return nil
	}
	words := a
	words.Status = 0
	for _, stage := range Calls {
		if found := Recognise(stage, words); found != "" {
			return []string{found}
		}
	}
	var all []string
	for _, stage := range Calls {
		if found := Recognise(stage, a); found != "" {
			all = append(all, found)
		}
	}
	for _, d := range diagnoses {
		if a.Status != 0 && Wordless(d.Code) == a.Status {
			all = append(all, d.Code)
		}
	}
	return all
}

// Wordless is the status that is the whole answer to a failure, when all that it
// could mean is told apart by the token; 0 for others.
func Wordless(code string) int {
	is := func(c cause) bool { return c.code == code }
	switch {
	case slices.ContainsFunc(exchangeCauses, is), code == AccessTokenRefused:
		return http.StatusUnauthorized
	case slices.ContainsFunc(accessCauses, is):
		return http.StatusForbidden
	}
	return 0
}

var (
	codesInText = regexp.MustCompile(`\b(?:MP-[0-9]{3}|NOT-[0-9]{5})\b`)
	oauthInText = regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)+\b`)
	// onlyStatus is a status that stands alone, or behind a word that says so.
	onlyStatus = regexp.MustCompile(`(?i)^(?:(?:http|status|statuscode|code)[ :=]*)*([45][0-9]{2})$`)
)

// answerIn reads what was pasted: JSON somewhere in the text, else the text.
func answerIn(pasted string) Answer {
	var fields struct {
		Error       string          `json:"error"`
		Description string          `json:"error_description"`
		URI         string          `json:"error_uri"`
		Status      json.RawMessage `json:"status"`
		StatusCode  json.RawMessage `json:"statusCode"`
		Title       string          `json:"title"`
		Detail      string          `json:"detail"`
		Code        string          `json:"code"`
		ErrorCode   string          `json:"errorCode"`
	}
	from, to := strings.Index(pasted, "{"), strings.LastIndex(pasted, "}")
	if from >= 0 && to > from && json.Unmarshal([]byte(pasted[from:to+1]), &fields) == nil {
		a := Answer{Error: fields.Error, Description: fields.Description, Code: codesInText.FindString(fields.URI)}
		// An OAuth error is told by its words; its status is nearly always 400.
		if a.Error == "" {
			a.Code = codesInText.FindString(fields.Code + " " + fields.ErrorCode)
			a.Error, a.Description = fields.Title, fields.Detail
			for _, raw := range []json.RawMessage{fields.StatusCode, fields.Status} {
				if n, err := strconv.Atoi(strings.Trim(string(raw), `"`)); err == nil {
					a.Status = n
				}
			}
		}
		return a
	}

	text := strings.Join(strings.Fields(pasted), " ")
	a := Answer{Description: text, Code: codesInText.FindString(strings.ToUpper(text))}
	for _, word := range oauthInText.FindAllString(strings.ToLower(text), -1) {
		if slices.ContainsFunc(diagnoses, func(d Diagnosis) bool { return slices.Contains(d.Refusals, word) }) {
			a.Error = word
		}
	}
	if m := onlyStatus.FindStringSubmatch(text); m != nil {
		a.Status, _ = strconv.Atoi(m[1])
	}
	return a
}
