package proof

// What an unknown key and an unknown client can come from, also while they may
// be on their way.
var (
	unknownKid    = []Possible{keyReplaced, keyRenamed, keyNotPosted, clientOfAnother}
	unknownClient = []Possible{clientElsewhere, clientNotOne, clientMistyped, clientDeactivated}
)

// tokenDiagnoses are what Maskinporten refuses a grant for. Texts are those of
// recorded answers and of Digdir's page on troubleshooting; a text that others
// contain stands behind them.
var tokenDiagnoses = []Diagnosis{
	{
		Code: TokenUnknownKid, Stage: StageToken, Texts: []string{"unknown key identifier"}, Who: WhoYou, Step: "register",
		Possible: unknownKid,
	},
	{Code: TokenKidNotYet, Stage: StageToken, Who: WhoYou, Step: "prove", Possible: unknownKid},
	{
		Code: TokenExpiredKey, Stage: StageToken, Texts: []string{"expired key"}, Refusals: []string{"MP-121"},
		Who: WhoYou, Step: "register", Possible: []Possible{keyAYearOld, keyOldExpiry},
	},
	{
		Code: TokenClientNotFound, Stage: StageToken, Texts: []string{"client not found"}, Refusals: []string{"MP-100"},
		Vague: []string{"client authentication failed$"}, Who: WhoYou, Step: "record", Possible: unknownClient,
	},
	{Code: TokenClientNotYet, Stage: StageToken, Who: WhoYou, Step: "prove", Possible: unknownClient},
	{
		Code: TokenWrongAudience, Stage: StageToken, Texts: []string{"invalid jwt claim aud"}, Refusals: []string{"MP-110"},
		Who: WhoAdministrator,
	},
	{
		Code: TokenInvalidSignature, Stage: StageToken, Texts: []string{"invalid jwt signature"}, Refusals: []string{"MP-124"},
		Who: WhoYou, Step: "key",
	},
	{
		Code: TokenClockFast, Stage: StageToken, Texts: []string{"issue time is in the future", "issue time is after now"},
		Who: WhoAdministrator,
	},
	{
		Code: TokenClockSlow, Stage: StageToken, Texts: []string{"jwt is expired", "jwt has expired"}, Refusals: []string{"MP-130"},
		Who: WhoAdministrator,
	},
	{
		// The portal sets the life of its grants itself.
		Code: TokenLifeTooLong, Stage: StageToken, Texts: []string{"too long lifetime"}, Who: WhoAdministrator,
	},
	{
		Code: TokenGrantUsed, Stage: StageToken, Texts: []string{"grant is used before"}, Refusals: []string{"MP-012"},
		Who: WhoAdministrator, Step: "prove",
	},
	{
		Code: TokenScopeNotOnClient, Stage: StageToken, Texts: []string{"invalid scopes for client"}, Refusals: []string{"MP-200"},
		Who: WhoYou, Step: "register", Possible: []Possible{scopeNotAdded, scopeOldName, scopeAddedLately, scopeMistyped},
	},
	{
		Code: TokenIntegrationType, Stage: StageToken, Texts: []string{"scopes not allowed for maskinporten"},
		Refusals: []string{"MP-201"}, Who: WhoYou, Step: "register",
	},
	{
		Code: TokenNotDelegated, Stage: StageToken, Texts: []string{"not delegated access to the scope"},
		Refusals: []string{"MP-251"}, Who: WhoYou, Step: "prove",
		Possible: []Possible{delegationMissing, delegationElsewhere, clientForCustomer},
	},
	{
		// MP-300 was the code's number until June 2024.
		Code: TokenAccessNotGranted, Stage: StageToken, Texts: []string{"not been granted access to the scope"},
		Refusals: []string{"MP-250", "MP-300"}, Who: WhoScopeOwner, Step: "register",
		Possible: []Possible{customerForgotten, accessElsewhere, accessNeverGiven},
	},
	{
		Code: TokenConsumerOwn, Stage: StageToken, Texts: []string{"combination consumer_org in claim"},
		Who: WhoYou, Step: "prove",
	},
	{Code: TokenResource, Stage: StageToken, Refusals: []string{"invalid_target"}, Who: WhoYou, Step: "prove"},
	{Code: TokenMalformed, Stage: StageToken, Texts: []string{"invalid parameter value"}, Refusals: []string{"MP-011"}, Who: WhoAdministrator},
	{Code: TokenGrantType, Stage: StageToken, Refusals: []string{"unsupported_grant_type"}, Who: WhoAdministrator},
	{
		Code: TokenKidMissing, Stage: StageToken, Texts: []string{"no key identifier"},
		Who: WhoYou, Step: "configure", Unseen: "always-kid",
	},
	{
		Code: TokenCertificate, Stage: StageToken, Texts: []string{"invalid certificate"}, Refusals: []string{"MP-120"},
		Who: WhoYou, Step: "register", Unseen: "no-certificate",
	},
	{
		Code: TokenCertificateOrganisation, Stage: StageToken, Refusals: []string{"MP-122"},
		Who: WhoYou, Step: "register", Unseen: "no-certificate",
	},
	{
		Code: TokenCertificateHeader, Stage: StageToken, Texts: []string{"invalid jwt header x5c"}, Refusals: []string{"MP-123"},
		Who: WhoYou, Step: "configure", Unseen: "no-certificate",
	},
	{
		Code: TokenDetailsType, Stage: StageToken, Texts: []string{"unknown authorization details type"},
		Refusals: []string{"MP-301"}, Who: WhoYou, Unseen: "no-details",
	},
	{
		Code: TokenDetailsFields, Stage: StageToken, Texts: []string{"unknown fields in the authorization details"},
		Refusals: []string{"MP-302"}, Who: WhoYou, Unseen: "no-details",
	},
	{
		Code: TokenDetailsValues, Stage: StageToken, Texts: []string{"invalid authorization details values"},
		Refusals: []string{"MP-303", "invalid_altinn_customer_configuration"}, Who: WhoYou, Unseen: "no-details",
	},
	{
		// Digdir says no more than that the description has the two words.
		Code: TokenUnknownClaim, Stage: StageToken, Texts: []string{"unknown jwt claim"}, Vague: []string{"^invalid assertion$"},
		Who: WhoAdministrator,
	},
}

var scopeDiagnoses = []Diagnosis{
	{Code: ScopesMissing, Stage: StageScopes, Who: WhoYou, Step: "register"},
}
