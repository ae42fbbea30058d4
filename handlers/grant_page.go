package handlers

import (
	"strings"
	"time"

	"portvakt/internal/maskinporten"
	"portvakt/store"
	"portvakt/views"
)

// verdictOf is a verdict as the page shows it.
func verdictOf(t views.Text, v maskinporten.Verdict, i *store.Integration) *views.GrantVerdict {
	out := &views.GrantVerdict{Pasted: string(v.Pasted), Worst: string(v.Worst()), Environment: v.Environment}
	for _, severity := range []maskinporten.Severity{maskinporten.Fault, maskinporten.Warning, maskinporten.Note} {
		n := 0
		for _, r := range v.Remarks {
			if r.Severity == severity {
				n++
			}
		}
		if n > 0 && len(v.Remarks) > 1 {
			out.Counts = append(out.Counts, views.GrantCount{Severity: string(severity), Count: n})
		}
	}
	if i != nil {
		out.Record = &views.GrantRecord{ID: i.ID, Name: string(i.Name)}
	}
	for _, r := range v.Remarks {
		if r.Place == maskinporten.PlaceForm {
			out.Form = append(out.Form, remarkOf(r))
		}
	}
	if v.Token != nil {
		out.Facts, out.All = tokenFacts(t, v), tokenClaims(t, v)
		return out
	}
	for _, f := range v.Fields {
		if f.Place == maskinporten.PlaceHeader {
			out.Header = append(out.Header, fieldOf(f, v.Remarks))
		} else {
			out.Claims = append(out.Claims, fieldOf(f, v.Remarks))
		}
	}
	return out
}

func remarkOf(r maskinporten.Remark) views.GrantRemark {
	return views.GrantRemark{Code: r.Code, Severity: string(r.Severity), Figures: r.Figures}
}

func fieldOf(f maskinporten.Field, all []maskinporten.Remark) views.GrantField {
	out := views.GrantField{Name: f.Name, Value: f.Value, When: stampOf(f.At), Severity: string(f.Severity), Missing: f.Missing}
	for _, r := range all {
		if r.Place == f.Place && r.Field == f.Name {
			out.Remarks = append(out.Remarks, remarkOf(r))
		}
	}
	return out
}

func stampOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return views.Stamp(at)
}

// tokenFacts is what a token says of itself, as far as it says it.
func tokenFacts(t views.Text, v maskinporten.Verdict) []views.Figure {
	f := v.Token
	expires := stampOf(f.Expires)
	switch {
	case expires == "":
	case f.Expired:
		expires += " (" + t.S("grant.expired") + ")"
	default:
		expires += " (" + t.S("grant.lasting") + ")"
	}
	environment := ""
	if v.Environment != "" {
		environment = t.S("environment." + v.Environment)
	}
	var out []views.Figure
	for _, fact := range []struct{ id, value string }{
		{"issuer", f.Issuer}, {"environment", environment}, {"owner", f.Owner},
		{"consumer", views.OrgNumberText(f.Consumer)}, {"supplier", views.OrgNumberText(f.Supplier)},
		{"client", f.ClientID}, {"scopes", strings.Join(f.Scopes, " ")},
		{"issued", stampOf(f.Issued)}, {"expires", expires},
	} {
		if fact.value != "" {
			out = append(out, views.Figure{Name: t.S("grant.fact." + fact.id), Value: fact.value})
		}
	}
	return out
}

// tokenClaims are all claims of a token, each with what it means where that is known.
func tokenClaims(t views.Text, v maskinporten.Verdict) []views.Claim {
	var out []views.Claim
	for _, f := range v.Fields {
		if f.Place != maskinporten.PlaceClaims {
			continue
		}
		c := views.Claim{Name: f.Name, Value: f.Value}
		if id := "claim." + messageName(f.Name); t.Has(id) {
			c.Meaning = t.S(id)
		}
		if when := stampOf(f.At); when != "" {
			c.Value += " (" + when + ")"
		}
		out = append(out, c)
	}
	return out
}
