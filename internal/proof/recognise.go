package proof

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
)

// failure is an error of either client, as far as a diagnosis needs it.
type failure struct {
	kind    string
	status  int
	refused bool
	answer  Answer
}

// diagnosis says how an answer is recognised: by a text in it, else by its
// code. Text comes first since many real answers carry no code.
type diagnosis struct {
	stage Stage
	text  string
	mp    string
	code  string
}

// diagnoses are the refusals of Maskinporten that have an explanation of their
// own. Texts are in lower case; the first that is found counts.
var diagnoses = []diagnosis{
	{StageToken, "unknown key identifier", "", TokenUnknownKid},
	{StageToken, "expired key", "MP-121", TokenExpiredKey},
	{StageToken, "client not found", "MP-100", TokenClientNotFound},
	{StageToken, "invalid jwt claim aud", "MP-110", TokenWrongAudience},
	{StageToken, "invalid jwt signature", "MP-124", TokenInvalidSignature},
	{StageToken, "issue time is in the future", "", TokenClockFast},
	{StageToken, "issue time is after now", "", TokenClockFast},
	{StageToken, "jwt is expired", "MP-130", TokenClockSlow},
	{StageToken, "jwt has expired", "MP-130", TokenClockSlow},
	{StageToken, "too long lifetime", "", TokenLifeTooLong},
	{StageToken, "grant is used before", "MP-012", TokenGrantUsed},
	{StageToken, "invalid scopes for client", "MP-200", TokenScopeNotOnClient},
	{StageToken, "not been granted access to the scope", "MP-250", TokenAccessNotGranted},
	// The code's number until June 2024.
	{StageToken, "not been granted access to the scope", "MP-300", TokenAccessNotGranted},
}

// reasons gives the reason behind each kind of failure of the two clients,
// which use the same words.
var reasons = map[string]string{
	string(maskinporten.KindUnreachable):       ReasonUnreachable,
	string(maskinporten.KindUntrusted):         ReasonUntrusted,
	string(maskinporten.KindForbidden):         ReasonAddressForbidden,
	string(maskinporten.KindTimeout):           ReasonTimeout,
	string(maskinporten.KindSlow):              ReasonSlow,
	string(maskinporten.KindCutOff):            ReasonCutOff,
	string(maskinporten.KindRedirect):          ReasonRedirect,
	string(maskinporten.KindTooLarge):          ReasonTooLarge,
	string(maskinporten.KindHeadersTooLarge):   ReasonHeadersTooLarge,
	string(maskinporten.KindNotJSON):           ReasonNotJSON,
	string(maskinporten.KindMalformed):         ReasonUnreadable,
	string(maskinporten.KindCancelled):         ReasonCancelled,
	string(maskinporten.KindWrongIssuer):       "wrong-issuer",
	string(maskinporten.KindEndpointElsewhere): "endpoint-elsewhere",
}

// recognise finds the code of a failure at a stage with a call.
func recognise(s Stage, f failure) string {
	if f.refused {
		text := strings.ToLower(f.answer.Description)
		for _, d := range diagnoses {
			if d.stage == s && strings.Contains(text, d.text) {
				return d.code
			}
		}
		for _, d := range diagnoses {
			if d.stage == s && d.mp != "" && d.mp == f.answer.Code {
				return d.code
			}
		}
	}
	if f.status >= 500 {
		return code(s, ReasonServerError)
	}
	if found := code(s, reasons[f.kind]); slices.Contains(Codes, found) {
		return found
	}
	return code(s, ReasonUnknown)
}

// failureOf reads an error of either client. Both clients promise that their
// texts hold nothing of the request.
func failureOf(err error) failure {
	if e := (*maskinporten.Error)(nil); errors.As(err, &e) {
		return failure{
			kind: string(e.Kind), status: e.Status, refused: e.Kind == maskinporten.KindRefused,
			answer: Answer{
				Status: e.Status, Code: e.Code, Error: e.OAuth, Description: e.Description,
				TraceID: e.TraceID, Cause: e.Cause,
			},
		}
	}
	if e := (*altinn.Error)(nil); errors.As(err, &e) {
		return failure{
			kind: string(e.Kind), status: e.Status, refused: e.Kind == altinn.KindRefused,
			answer: Answer{
				Status: e.Status, Code: e.Code, Error: e.Title, Description: e.Detail,
				TraceID: e.TraceID, Cause: e.Cause,
			},
		}
	}
	return failure{}
}

// finding is the red light of a call that failed.
func (f failure) finding(s Stage) finding {
	found := failed(recognise(s, f)).with("status", statusText(f.status))
	found.answer = &f.answer
	return found
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return strconv.Itoa(status)
}
