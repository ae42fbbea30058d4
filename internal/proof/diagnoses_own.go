package proof

import "net/http"

// ownDiagnoses are those that the portal makes without an answer from outside,
// or from metadata alone.
var ownDiagnoses = []Diagnosis{
	{Code: KeyExpired, Stage: StageKey, Who: WhoYou, Step: "key"},
	{Code: KeyDropped, Stage: StageKey, Who: WhoYou, Step: "key", Unseen: "key-returns"},
	{Code: KeyMismatch, Stage: StageKey, Who: WhoYou, Step: "key", Unseen: "page-before"},
	{Code: MetadataWrongIssuer, Stage: StageMetadata, Who: WhoAdministrator},
	{Code: MetadataEndpointElsewhere, Stage: StageMetadata, Who: WhoAdministrator},
	{Code: ClockFast, Stage: StageClock, Who: WhoAdministrator},
	{Code: ClockSlow, Stage: StageClock, Who: WhoAdministrator},
	{Code: ClockUnmeasured, Stage: StageClock, Who: WhoAdministrator},
	{Code: GrantInvalidSignature, Stage: StageGrant, Who: WhoYou, Step: "key", Unseen: "page-before"},
}

// reasonOwners are who can mend what can happen to every call. Those of the
// other end's own trouble are missing here: that depends on whose end it is.
var reasonOwners = map[string]Who{
	ReasonNoName: WhoAdministrator, ReasonNoConnection: WhoAdministrator, ReasonProxy: WhoAdministrator,
	ReasonRefusedConnection: WhoAdministrator, ReasonUnreachable: WhoAdministrator, ReasonUntrusted: WhoAdministrator,
	ReasonAddressForbidden: WhoAdministrator, ReasonRedirect: WhoAdministrator, ReasonTooLarge: WhoAdministrator,
	ReasonHeadersTooLarge: WhoAdministrator, ReasonNotJSON: WhoAdministrator,
	ReasonCancelled: WhoYou, ReasonBusy: WhoYou,
}

// reasonPossible are the causes that look alike whichever call it is.
var reasonPossible = map[string][]Possible{
	ReasonUnreachable:       {otherEndDown, firewallDrops, proxyNeeded},
	ReasonNoName:            {nameServer, proxyNeeded, addressMistyped},
	ReasonRefusedConnection: {otherEndDown, firewallRejects, addressMistyped},
	ReasonNoConnection:      {firewallDrops, proxyNeeded, otherEndDown},
	ReasonProxy:             {proxyForbids, proxyDown},
	ReasonNotJSON:           {proxyAnswers, addressMistyped, otherEndDown},
}

// callDiagnoses are those that every call can come to.
func callDiagnoses(s Stage) []Diagnosis {
	var all []Diagnosis
	for _, reason := range Reasons {
		who, known := reasonOwners[reason]
		if !known {
			who = otherEnd[s]
		}
		d := Diagnosis{Code: code(s, reason), Stage: s, Who: who, Possible: reasonPossible[reason]}
		if reason == ReasonCancelled || reason == ReasonBusy {
			d.Step = "prove"
		}
		if reason == ReasonBusy {
			d.Statuses = []int{http.StatusTooManyRequests}
		}
		if s == StageToken && reason == ReasonUnknown {
			d.Possible = []Possible{claimUnknown}
		}
		d.Unseen = unseenReason(s, reason)
		all = append(all, d)
	}
	return all
}

// unseenReason says why a run that is kept cannot end for this reason here.
func unseenReason(s Stage, reason string) string {
	switch reason {
	case ReasonCancelled:
		return "gone"
	case ReasonUnreachable:
		return "remainder"
	case ReasonNoName, ReasonNoConnection, ReasonRefusedConnection, ReasonProxy, ReasonUntrusted, ReasonAddressForbidden:
		// The call before goes to the same host, and nearly always stops first.
		if s == StageToken || s == StageAccess {
			return "call-before"
		}
	}
	return ""
}

// otherEnd is whom each call goes to.
var otherEnd = map[Stage]Who{
	StageMetadata: WhoDigdir, StageToken: WhoDigdir, StageExchange: WhoAltinn, StageAccess: WhoAltinn,
}
