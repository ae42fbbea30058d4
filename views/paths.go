package views

import "net/url"

// The paths of the portal, for links and for redirects.

// Home is the first page: what Portvakt is, or one's integrations.
func Home() string { return "/" }

// LanguagePath takes a choice of language.
func LanguagePath() string { return "/language" }

// SignIn is the page that says how to sign in.
func SignIn() string { return "/signin" }

// SignInOnce is where the one-time link of local mode leads.
func SignInOnce(token string) string { return "/signin/once?token=" + url.QueryEscape(token) }

// SignInLink prints a new one-time link on the terminal.
func SignInLink() string { return "/signin/link" }

// SignOutPath ends the sign-in.
func SignOutPath() string { return "/signout" }

// OrganisationPath changes which organisation is represented.
func OrganisationPath() string { return "/organisation" }

// OrganisationNew adds an organisation by its number, in local mode.
func OrganisationNew() string { return "/organisations/new" }

// Organisations takes the form of OrganisationNew.
func Organisations() string { return "/organisations" }

// IntegrationNew is step 1 for a new integration; Integrations takes its form.
func IntegrationNew() string { return "/integrations/new" }

// Integrations takes the form that describes a new integration.
func Integrations() string { return "/integrations" }

// IntegrationDraft shows the form of step 1 again with everything typed, after a
// search in the scopes or a change of language.
func IntegrationDraft() string { return "/integrations/draft" }

// Integration is the page of one integration: steps 2 to 6.
func Integration(id string) string { return "/integrations/" + url.PathEscape(id) }

// IntegrationAt is a step of that page.
func IntegrationAt(id, step string) string { return Integration(id) + "#" + step }

// IntegrationDescription is step 1 for an integration that exists.
func IntegrationDescription(id string) string { return Integration(id) + "/description" }

// IntegrationDescriptionDraft is IntegrationDraft for an integration that exists.
func IntegrationDescriptionDraft(id string) string { return Integration(id) + "/description/draft" }

// Act is where a button of the page posts its form; the fragment makes the
// browser show the step that the answer is about.
func Act(id, action, step string) string {
	path := Integration(id) + "/" + action
	if step == "" {
		return path
	}
	return path + "#" + step
}

// File is where the form is posted to download a finished file.
func File(id, name string) string { return Integration(id) + "/files/" + url.PathEscape(name) }

// GrantTool is the autopsy of a grant that was made elsewhere.
func GrantTool() string { return "/tools/grant" }

// KeyTools is the tools that make, read and convert keys.
func KeyTools() string { return "/tools/key" }

// SettingsTool is the check of a program's configuration.
func SettingsTool() string { return "/tools/config" }

// FailureTool is all failures that can be explained, and a search in them.
func FailureTool() string { return "/tools/failures" }

// FailureOf is that page with one of them unfolded.
func FailureOf(code string) string {
	return FailureTool() + "?code=" + url.QueryEscape(code) + "#" + url.PathEscape(code)
}

// AdminIntegrations is the register of all organisations' integrations.
func AdminIntegrations() string { return "/admin/integrations" }

// AdminEvents is the history.
func AdminEvents() string { return "/admin/events" }

// AdminSightings is what people saw in place of what the guide says.
func AdminSightings() string { return "/admin/sightings" }

// AdminSightingsAfter is the part of that list that begins after a place in it.
func AdminSightingsAfter(place string) string {
	if place == "" {
		return AdminSightings()
	}
	return AdminSightings() + "?after=" + url.QueryEscape(place)
}

// SightingSettle says that one of them has been dealt with.
func SightingSettle(id string) string { return AdminSightings() + "/" + url.PathEscape(id) + "/settle" }

// IntegrationTold is the page of an integration after a sighting was told.
func IntegrationTold(id string) string { return Integration(id) + "?told=yes#register" }

// Proofs are all runs of an integration.
func Proofs(id string) string { return Integration(id) + "/proofs" }

// Proof is one of them.
func Proof(id, proof string) string { return Proofs(id) + "/" + url.PathEscape(proof) }

// ProofCompare takes the form that chooses two runs.
func ProofCompare(id string) string { return Proofs(id) + "/compare" }

// ProofPair is two runs beside each other.
func ProofPair(id, a, b string) string {
	return ProofCompare(id) + "?a=" + url.QueryEscape(a) + "&b=" + url.QueryEscape(b)
}

// ProofPairAgain is the list of runs when no two were chosen.
func ProofPairAgain(id, a, b, after string) string {
	values := url.Values{"pair": {"again"}}
	for name, value := range map[string]string{"a": a, "b": b, "after": after} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return Proofs(id) + "?" + values.Encode()
}
