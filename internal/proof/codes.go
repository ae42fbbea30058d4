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
	// TokenKidNotYet: the client has no key with this kid, and the key was
	// posted minutes ago: it may not have reached the token service.
	TokenKidNotYet = "token.kid-not-yet"
	// TokenClientNotYet: there is no such client, and it was recorded minutes
	// ago.
	TokenClientNotYet = "token.client-not-yet"
	// TokenMalformed: the grant could not be read as it came (MP-011).
	TokenMalformed = "token.malformed"
	// TokenUnknownClaim: the grant has a claim that is not documented.
	TokenUnknownClaim = "token.unknown-claim"
	// TokenGrantType: the request did not arrive as the one that was sent.
	TokenGrantType = "token.grant-type"
	// TokenIntegrationType: the client is of a type that may not have the
	// scope (MP-201).
	TokenIntegrationType = "token.integration-type"
	// TokenNotDelegated: the customer has not delegated the scope (MP-251).
	TokenNotDelegated = "token.not-delegated"
	// TokenConsumerOwn: consumer_org is the organisation that the client
	// belongs to.
	TokenConsumerOwn = "token.consumer-own"
	// TokenResource: the resource is not one that Maskinporten accepts.
	TokenResource = "token.resource"
	// TokenKidMissing: the client has a registered key, and the grant names
	// none.
	TokenKidMissing = "token.kid-missing"
	// TokenCertificate: the grant was signed with a certificate that is not
	// valid here (MP-120).
	TokenCertificate = "token.certificate"
	// TokenCertificateOrganisation: the certificate is another organisation's
	// (MP-122).
	TokenCertificateOrganisation = "token.certificate-organisation"
	// TokenCertificateHeader: the header x5c is not a list (MP-123).
	TokenCertificateHeader = "token.certificate-header"
	// TokenDetailsType: the type of authorization_details is unknown (MP-301).
	TokenDetailsType = "token.details-type"
	// TokenDetailsFields: authorization_details has unknown fields (MP-302).
	TokenDetailsFields = "token.details-fields"
	// TokenDetailsValues: authorization_details names what Altinn does not
	// have, most often a system user (MP-303).
	TokenDetailsValues = "token.details-values"

	// ScopesMissing: a wanted scope is not among those issued.
	ScopesMissing = "scopes.missing"

	// ExchangeTokenUnreadable: Altinn refused a token that is not a JWT.
	ExchangeTokenUnreadable = "exchange.token-unreadable"
	// ExchangeTokenExpired: Altinn refused a token that has expired.
	ExchangeTokenExpired = "exchange.token-expired"
	// ExchangeTokenEarly: Altinn refused a token whose time has not come.
	ExchangeTokenEarly = "exchange.token-early"
	// ExchangeSignature: Altinn refused a token that is not signed with a key
	// that Maskinporten publishes.
	ExchangeSignature = "exchange.signature"
	// ExchangeWrongIssuer: Altinn refused a token of another issuer than the
	// configured one.
	ExchangeWrongIssuer = "exchange.wrong-issuer"
	// ExchangeNoConsumer: Altinn refused a token that does not say in
	// Altinn's way which organisation it is for.
	ExchangeNoConsumer = "exchange.no-consumer"
	// ExchangeConsumerPrefix: Altinn refused a token whose organisation has no
	// prefix (0192:).
	ExchangeConsumerPrefix = "exchange.consumer-prefix"
	// ExchangeNotBearer: Altinn refused a call without a token.
	ExchangeNotBearer = "exchange.not-bearer"
	// ExchangeProvider: the address names a token provider that Altinn does
	// not have (400).
	ExchangeProvider = "exchange.provider"
	// ExchangeGone: the call asked for an enterprise user, which Altinn no
	// longer has (410).
	ExchangeGone = "exchange.gone"
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
	// AccessRefused: Notifications answered 403, with scope and service owner
	// in the token.
	AccessRefused = "access.refused"
	// AccessParameter: Notifications cannot read the question (400).
	AccessParameter = "access.parameter"
	// AccessContentType: the question came with a content type (415).
	AccessContentType = "access.content-type"
	// AccessNotFound: a 404 that is not Notifications' own.
	AccessNotFound = "access.not-found"
	// AccessDependency: something behind Notifications is down (NOT-00004).
	AccessDependency = "access.dependency"
)

// The reasons that every stage with a call shares. Their codes are the stage's
// name, a dot and the reason: metadata.timeout, exchange.server-error.
const (
	// ReasonUnreachable: no connection came about, and nothing tells why.
	ReasonUnreachable = "unreachable"
	// ReasonNoName: the name of the other end was not found (DNS).
	ReasonNoName = "no-name"
	// ReasonRefusedConnection: the other end, or a firewall, said no to the
	// connection.
	ReasonRefusedConnection = "refused-connection"
	// ReasonNoConnection: nothing answered the wish for a connection, as when
	// a firewall drops it.
	ReasonNoConnection = "no-connection"
	// ReasonProxy: the configured proxy could not be used, or refused.
	ReasonProxy = "proxy"
	// ReasonBusy: status 429.
	ReasonBusy = "busy"
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
		ReasonNoName, ReasonRefusedConnection, ReasonNoConnection, ReasonProxy, ReasonUnreachable, ReasonUntrusted,
		ReasonAddressForbidden, ReasonTimeout, ReasonSlow, ReasonCutOff, ReasonRedirect, ReasonTooLarge,
		ReasonHeadersTooLarge, ReasonNotJSON, ReasonUnreadable, ReasonBusy, ReasonServerError, ReasonCancelled,
		ReasonUnknown,
	}
	Calls = []Stage{StageMetadata, StageToken, StageExchange, StageAccess}
)

func code(s Stage, reason string) string { return string(s) + "." + reason }
