package proof

// The codes of what a stage found. They are stable: runs are kept with them,
// and the explanations in three languages are found by them.
const (
	// KeyExpired: by its date on record the key is dead; Maskinporten lets a
	// key live for a year at most.
	KeyExpired = "key.expired"
	// KeyDropped: the key on record was given up.
	KeyDropped = "key.dropped"
	// KeyMismatch: the key or its kid is not the one on record.
	KeyMismatch = "key.mismatch"

	// MetadataWrongIssuer: the metadata speaks for another issuer than the
	// configured one.
	MetadataWrongIssuer = "metadata.wrong-issuer"
	// MetadataEndpointElsewhere: an endpoint does not lie on the issuer's
	// own scheme, host and port.
	MetadataEndpointElsewhere = "metadata.endpoint-elsewhere"

	// ClockFast: our clock is ahead by more than Maskinporten tolerates.
	ClockFast = "clock.fast"
	// ClockSlow: our clock is behind by more than Maskinporten tolerates.
	ClockSlow = "clock.slow"
	// ClockUnmeasured: the answer told no time. The stage is not applicable.
	ClockUnmeasured = "clock.unmeasured"

	// GrantInvalidSignature: the grant was signed with another key than the
	// one on record.
	GrantInvalidSignature = "grant.invalid-signature"

	// TokenUnknownKid: the client has no key with this kid, or not yet.
	TokenUnknownKid = "token.unknown-kid"
	// TokenClientNotFound: there is no such client, or not yet, or not in
	// this environment (MP-100).
	TokenClientNotFound = "token.client-not-found"
	// TokenWrongAudience: the grant is meant for another issuer (MP-110).
	TokenWrongAudience = "token.wrong-audience"
	// TokenScopeNotOnClient: a scope has not been added to the client
	// (MP-200).
	TokenScopeNotOnClient = "token.scope-not-on-client"
	// TokenAccessNotGranted: the owner of a scope has not granted the
	// organisation access to it (MP-250).
	TokenAccessNotGranted = "token.access-not-granted"
	// TokenExpiredKey: the registered key is past its expiry (MP-121).
	TokenExpiredKey = "token.expired-key"
	// TokenClockFast: the grant was issued in Maskinporten's future.
	TokenClockFast = "token.clock-fast"
	// TokenClockSlow: the grant had expired when it came (MP-130).
	TokenClockSlow = "token.clock-slow"
	// TokenLifeTooLong: the grant lives longer than is allowed.
	TokenLifeTooLong = "token.life-too-long"
	// TokenInvalidSignature: the public key registered under the kid does not
	// belong to the private key that signed (MP-124).
	TokenInvalidSignature = "token.invalid-signature"
	// TokenGrantUsed: the grant was seen before (MP-012).
	TokenGrantUsed = "token.grant-used"

	// ScopesMissing: a wanted scope is not among those issued.
	ScopesMissing = "scopes.missing"

	// ExchangeTokenUnreadable: Altinn refused a token that is not a JWT.
	ExchangeTokenUnreadable = "exchange.token-unreadable"
	// ExchangeTokenExpired: Altinn refused a token that has expired.
	ExchangeTokenExpired = "exchange.token-expired"
	// ExchangeWrongIssuer: Altinn refused a token of another issuer than the
	// configured one.
	ExchangeWrongIssuer = "exchange.wrong-issuer"
	// ExchangeNoConsumer: Altinn refused a token that does not say in
	// Altinn's way which organisation it is for.
	ExchangeNoConsumer = "exchange.no-consumer"
	// ExchangeRefused: Altinn refused a token in which we see no fault: it
	// trusts another Maskinporten, or something on its side is down.
	ExchangeRefused = "exchange.refused"

	// ClaimUnreadable: the Altinn token cannot be decoded.
	ClaimUnreadable = "claim.unreadable"
	// ClaimScope: no service owner in the Altinn token, since no scope in it
	// begins with altinn:serviceowner.
	ClaimScope = "claim.scope"
	// ClaimOrganisation: no service owner in the Altinn token, since the
	// organisation is not on Altinn's list.
	ClaimOrganisation = "claim.organisation"

	// AccessTokenRefused: Notifications answered 401; it trusts another Altinn
	// than the one that issued the token.
	AccessTokenRefused = "access.token-refused"
	// AccessScope: Notifications answered 403, and the scope that it asks for
	// is not in the token.
	AccessScope = "access.scope"
	// AccessOrganisation: Notifications answered 403, and no service owner is
	// in the token.
	AccessOrganisation = "access.organisation"
)

// The reasons that every stage with a call shares. Their codes are the stage's
// name, a dot and the reason: metadata.timeout, exchange.server-error.
const (
	// ReasonUnreachable: no connection came about.
	ReasonUnreachable = "unreachable"
	// ReasonUntrusted: the certificate is not trusted, as with a proxy that
	// opens traffic.
	ReasonUntrusted = "untrusted"
	// ReasonAddressForbidden: the address is not configured, or resolves into
	// the own network.
	ReasonAddressForbidden = "address-forbidden"
	// ReasonTimeout: connected, and no answer within the time.
	ReasonTimeout = "timeout"
	// ReasonSlow: an answer began and did not end within the time.
	ReasonSlow = "slow"
	// ReasonCutOff: the connection broke in the middle of the answer.
	ReasonCutOff = "cut-off"
	// ReasonRedirect: the answer points elsewhere, and is not followed.
	ReasonRedirect = "redirect"
	// ReasonTooLarge: the answer is larger than any real one.
	ReasonTooLarge = "too-large"
	// ReasonHeadersTooLarge: the answer's header is.
	ReasonHeadersTooLarge = "headers-too-large"
	// ReasonNotJSON: something else answered, such as a gateway with a page.
	ReasonNotJSON = "not-json"
	// ReasonUnreadable: the answer is broken or lacks what it must have.
	ReasonUnreadable = "unreadable"
	// ReasonServerError: status 500 or above.
	ReasonServerError = "server-error"
	// ReasonCancelled: who asked for the proof went away. Such a run proves
	// nothing and is not worth keeping.
	ReasonCancelled = "cancelled"
	// ReasonUnknown: all others. Answer says what came.
	ReasonUnknown = "unknown"
)

// Reasons are all reasons of a call, and Calls the stages that have them.
var (
	Reasons = []string{
		ReasonUnreachable, ReasonUntrusted, ReasonAddressForbidden, ReasonTimeout, ReasonSlow, ReasonCutOff,
		ReasonRedirect, ReasonTooLarge, ReasonHeadersTooLarge, ReasonNotJSON, ReasonUnreadable, ReasonServerError,
		ReasonCancelled, ReasonUnknown,
	}
	Calls = []Stage{StageMetadata, StageToken, StageExchange, StageAccess}
)

// Codes are all codes that a Result can carry.
var Codes = append([]string{
	KeyExpired, KeyDropped, KeyMismatch,
	MetadataWrongIssuer, MetadataEndpointElsewhere,
	ClockFast, ClockSlow, ClockUnmeasured,
	GrantInvalidSignature,
	TokenUnknownKid, TokenClientNotFound, TokenWrongAudience, TokenScopeNotOnClient, TokenAccessNotGranted,
	TokenExpiredKey, TokenClockFast, TokenClockSlow, TokenLifeTooLong, TokenInvalidSignature, TokenGrantUsed,
	ScopesMissing,
	ExchangeTokenUnreadable, ExchangeTokenExpired, ExchangeWrongIssuer, ExchangeNoConsumer, ExchangeRefused,
	ClaimUnreadable, ClaimScope, ClaimOrganisation,
	AccessTokenRefused, AccessScope, AccessOrganisation,
}, callCodes()...)

func callCodes() []string {
	var codes []string
	for _, stage := range Calls {
		for _, reason := range Reasons {
			codes = append(codes, code(stage, reason))
		}
	}
	return codes
}

func code(s Stage, reason string) string { return string(s) + "." + reason }
