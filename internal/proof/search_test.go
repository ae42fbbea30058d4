package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestRecognisesWhatIsPasted(t *testing.T) {
	t.Parallel()
	const unknownKid = "Invalid assertion. Client authentication failed. Unknown key identifier (kid) for client." + traced
	for text, want := range map[string][]string{
		"":                    nil,
		"hva er dette":        nil,
		"invalid_grant":       nil, // says nothing by itself
		"{}":                  nil,
		`{"error":`:           nil,
		"MP-999":              nil,
		"NOT-00003":           nil, // lets in
		unknownKid:            {TokenUnknownKid},
		"MP-121":              {TokenExpiredKey},
		"mp-121":              {TokenExpiredKey},
		"NOT-00004":           {AccessDependency},
		"invalid_target":      {TokenResource},
		"status 410":          {ExchangeGone},
		"HTTP 415":            {AccessContentType},
		"503":                 {"metadata.server-error", "token.server-error", "exchange.server-error", "access.server-error"},
		"429":                 {"metadata.busy", "token.busy", "exchange.busy", "access.busy"},
		"port 403 bytes":      nil, // a number among words
		"Expired key.":        {TokenExpiredKey},
		"Invalid\n assertion": {TokenUnknownClaim},
		"2026-11-22 ERROR token: invalid_scope: Token request contains invalid scopes for client, a:b": {TokenScopeNotOnClient},
		"see https://test.maskinporten.no/errors/MP-100":                                               {TokenClientNotFound},

		fmt.Sprintf(`{"error":"invalid_grant","error_description":%q}`, unknownKid):                                    {TokenUnknownKid},
		`log: {"error":"forbidden","error_description":"No.","error_uri":"https://maskinporten.no/errors/MP-250"} end`: {TokenAccessNotGranted},
		`{"error":"invalid_grant","error_description":"Something new"}`:                                                nil,
		`{"type":"x","title":"Gone","status":410,"detail":"No more"}`:                                                  {ExchangeGone},
		`{"title":"One or more validation errors occurred","status":400,"errors":{}}`:                                  {ExchangeProvider, AccessParameter},
		`{"code":"NOT-00004","title":"x","status":503}`:                                                                {AccessDependency},
		`{"errorCode":"NOT-00003","title":"x","status":404}`:                                                           nil,
		`{"statusCode":429,"message":"Rate limit"}`:                                                                    {"metadata.busy", "token.busy", "exchange.busy", "access.busy"},
	} {
		if got := Recognised(text); !slices.Equal(got, want) {
			t.Errorf("%.80q: got %v, want %v", text, got, want)
		}
	}
}

// A status without a word is everything that it can mean.
func TestRecognisesAWordlessAnswer(t *testing.T) {
	t.Parallel()
	for text, in := range map[string][]string{
		"401": {ExchangeTokenExpired, ExchangeRefused, AccessTokenRefused},
		"403": {AccessScope, AccessOrganisation, AccessRefused},
		`{"type":"x","title":"Unauthorized","status":401,"traceId":"00-ab"}`: {ExchangeNoConsumer},
	} {
		got := Recognised(text)
		for _, code := range in {
			if !slices.Contains(got, code) {
				t.Errorf("%s: %s is missing in %v", text, code, got)
			}
		}
	}
}

// Whatever an answer is recognised by is also recognised when it is pasted.
func TestRecognisesEveryTextAndCode(t *testing.T) {
	t.Parallel()
	for _, d := range Diagnoses() {
		if d.Stage != StageToken && d.Stage != StageAccess {
			continue
		}
		for _, text := range slices.Concat(d.Texts, d.Refusals) {
			if got := Recognised("Got: " + strings.Trim(text, "^$")); !strings.HasPrefix(text, "^") && !slices.Equal(got, []string{d.Code}) {
				t.Errorf("%q: got %v, want %s", text, got, d.Code)
			}
		}
	}
}

func FuzzRecognised(f *testing.F) {
	f.Add("MP-121")
	f.Add(`{"error":"invalid_grant","status":"400","statusCode":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, code := range Recognised(text) {
			if _, known := DiagnosisOf(code); !known {
				t.Errorf("%q is recognised as %q", text, code)
			}
		}
	})
}
