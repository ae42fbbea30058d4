package proof

import (
	"errors"
	"strconv"
	"time"

	"portvakt/internal/altinn"
	"portvakt/internal/maskinporten"
)

// failure is an error of either client, as far as a diagnosis needs it.
type failure struct {
	kind    string
	status  int
	refused bool
	// retry is how long the other end asks to be left alone.
	retry  time.Duration
	answer Answer
}

// reasons gives the reason behind each kind of failure of the two clients,
// which use the same words.
var reasons = map[string]string{
	string(maskinporten.KindUnreachable):       ReasonUnreachable,
	string(maskinporten.KindNoName):            ReasonNoName,
	string(maskinporten.KindRefusedConnection): ReasonRefusedConnection,
	string(maskinporten.KindNoConnection):      ReasonNoConnection,
	string(maskinporten.KindProxy):             ReasonProxy,
	string(maskinporten.KindBusy):              ReasonBusy,
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

// failureOf reads an error of either client. Both clients promise that their
// texts hold nothing of the request.
func failureOf(err error) failure {
	if e := (*maskinporten.Error)(nil); errors.As(err, &e) {
		return failure{
			kind: string(e.Kind), status: e.Status, refused: e.Kind == maskinporten.KindRefused, retry: e.RetryAfter,
			answer: Answer{
				Status: e.Status, Code: e.Code, Error: e.OAuth, Description: e.Description,
				TraceID: e.TraceID, Cause: e.Cause,
			},
		}
	}
	if e := (*altinn.Error)(nil); errors.As(err, &e) {
		return failure{
			kind: string(e.Kind), status: e.Status, refused: e.Kind == altinn.KindRefused, retry: e.RetryAfter,
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
	found := failed(recognise(s, f)).with("status", statusText(f.status)).with("retry", positive(int(f.retry.Seconds())))
	found.answer = &f.answer
	return found
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return strconv.Itoa(status)
}
