package views

import (
	"slices"
	"strings"
	"testing"
)

func TestLintFindsMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"MaskinportenSettings": {"ExchangeToAltinnToken": true}}`:                                             "exchange-spelling",
		`MaskinportenSettings__exchangeToAltinnToken=true`:                                                      "exchange-spelling",
		`az keyvault secret set --vault-name v --name MaskinportenSettings--ExchangeToAltinnToken --value true`: "exchange-spelling",
		`{"name": "MaskinportenSettings__ExchangeToAltinnToken", "value": "true", "slotSetting": false}`:        "exchange-spelling",
		"- name: MaskinportenSettings__ExchangeToAltinnToken\n  value: \"true\"":                                "exchange-spelling",
		`{"EncodedJwk": "<removed>", "Kid": "x"}`:                                                               "kid-setting",
		`MaskinportenSettings__EncodedJwk=eyJrdHkiOiJSU0EiLCJkIjoiTk9U-_8`:                                      "base64url",
		`"MaskinportenSettings:JwkBase64": "eyJrdHkiOiJSU0EiLCJkIjoiTk9U"`:                                      "",
		`"MaskinportenSettings:JwkBase64": "eyJrdHkiOiJSU0EiLCJkIjoiTk9Uab"`:                                    "base64url",
		`{"Environment": "prod", "TokenExchangeEnvironment": "tt02"}`:                                           "exchange-environment",
		`{"Environment": "test", "TokenExchangeEnvironment": "prod"}`:                                           "exchange-environment",
		`{"Environment": "test", "TokenExchangeEnvironment": "at22"}`:                                           "",
		`{"Environment": "Production", "EncodedJwk": "x"}`:                                                      "environment",
		`MaskinportenSettings:EnableDebugLogging: "True"`:                                                       "debug-logging",
		`{"EnableDebugLogging": false}`:                                                                         "",
		`{"EnableDebugLog": true}`:                                                                              "debug-name",
		`{"EnterpriseUserName": "x", "EnterpriseUserPassword": "y"}`:                                            "enterprise-user",
		`token.endpoint=https://oidc-ver2.difi.no/idporten-oidc-provider/token`:                                 "retired",
		`{"Environment": "ver2"}`:                                                                               "retired",
		"maskinporten:\n  audience: https://maskinporten.no\n  tokenEndpoint: https://maskinporten.no/token":    "audience",
		"MASKINPORTEN_AUDIENCE=https://test.maskinporten.no/token":                                              "audience",
		"audience=https://test.maskinporten.no/":                                                                "",
		`"Scope": "altinn:notifications.create"`:                                                                "old-scope",
		`"Scope": "altinn:serviceowner altinn:serviceowner/notifications.create"`:                               "",
		`{"Authority": "https://maskinporten.no/", "EncodedJwk": "x"}`:                                          "app-names",
		"": "", "hei": "", "=": "", `{"`: "", strings.Repeat("a:", 5000): "",
	} {
		if got := strings.Join(Lint(text), " "); got != want {
			t.Errorf("%.200s: got %q, want %q", text, got, want)
		}
	}
}

// There is nothing to say about a block of ours, with the key or without.
func TestLintLikesTheRecipes(t *testing.T) {
	t.Parallel()
	prod := goldenValues
	prod.Environment, prod.Exchange = "prod", "prod"
	prod.Issuer, prod.TokenEndpoint, prod.Platform = "https://maskinporten.no/", "https://maskinporten.no/token", "https://platform.altinn.no"
	for _, v := range []RecipeValues{goldenValues, prod, exampleRecipeValues(In(Bokmal))} {
		for _, r := range Recipes(v) {
			if got := Lint(r.Text); len(got) > 0 {
				t.Errorf("%s: got %v\n%s", r.File, got, r.Text)
			}
		}
	}
}

// A rule that nothing breaks is no rule.
func TestLintRulesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	codes := lintCodes()
	slices.Sort(codes)
	if got := slices.Compact(slices.Clone(codes)); len(got) != len(codes) {
		t.Errorf("a code stands twice in %v", codes)
	}
}

func lintCodes() []string {
	var codes []string
	for _, r := range lintRules {
		codes = append(codes, r.code)
	}
	return codes
}
