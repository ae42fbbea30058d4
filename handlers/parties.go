package handlers

import (
	"strings"

	"portvakt/internal/proof"
	"portvakt/store"
)

// The addresses of those who help.
const (
	digdirDesk = "servicedesk@digdir.no"
	altinnDesk = "tjenesteeier@altinn.no"
)

// scopeOwners are the addresses of the owners that this portal knows, by the
// prefix of their scopes.
var scopeOwners = map[string]string{
	"altinn": altinnDesk, "digdir": digdirDesk, "krr": digdirDesk, "idporten": digdirDesk,
}

// scopeOwner is where to write about a scope; empty when that is not known.
func scopeOwner(scope string) string {
	prefix, _, _ := strings.Cut(scope, ":")
	return scopeOwners[prefix]
}

// stageDesks are those who answered at a stage, and are asked when what one can
// do oneself does not help.
var stageDesks = map[proof.Stage]string{
	proof.StageToken: digdirDesk, proof.StageScopes: digdirDesk,
	proof.StageExchange: altinnDesk, proof.StageClaim: altinnDesk, proof.StageAccess: altinnDesk,
}

// deskOf is the address of who can help with a diagnosis; empty when there is none
// that fits everybody.
func deskOf(who proof.Who, at proof.Stage) string {
	switch who {
	case proof.WhoDigdir:
		return digdirDesk
	case proof.WhoAltinn:
		return altinnDesk
	case proof.WhoYou:
		return stageDesks[at]
	}
	return ""
}

// partyOf is who can help with a run, by a code, and the address to write to if
// there is one.
func partyOf(p store.Proof) (who, address string) {
	if p.Outcome == store.Passed {
		return "nobody", ""
	}
	party := proof.WhoYou
	if d, known := proof.DiagnosisOf(codeAt(p)); known {
		party = d.Who
	}
	return string(party), deskOf(party, proof.Stage(p.FailedStage))
}
