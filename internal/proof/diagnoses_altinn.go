package proof

import "net/http"

// exchangeDiagnoses are those of Altinn's exchange, which answers all that it
// finds wrong with a token by the same 401, and of the token that it gave.
var exchangeDiagnoses = []Diagnosis{
	{Code: ExchangeTokenUnreadable, Stage: StageExchange, Who: WhoDigdir},
	{Code: ExchangeTokenExpired, Stage: StageExchange, Who: WhoAdministrator},
	{Code: ExchangeTokenEarly, Stage: StageExchange, Who: WhoAdministrator},
	{Code: ExchangeWrongIssuer, Stage: StageExchange, Who: WhoAdministrator},
	{Code: ExchangeNoConsumer, Stage: StageExchange, Who: WhoDigdir},
	{Code: ExchangeConsumerPrefix, Stage: StageExchange, Who: WhoDigdir},
	{Code: ExchangeSignature, Stage: StageExchange, Who: WhoDigdir},
	{Code: ExchangeRefused, Stage: StageExchange, Who: WhoAltinn, Possible: []Possible{altinnTrustsOther, altinnDown, headerStripped}},
	{Code: ExchangeNotBearer, Stage: StageExchange, Who: WhoAdministrator, Unseen: "always-token"},
	{Code: ExchangeProvider, Stage: StageExchange, Statuses: []int{http.StatusBadRequest}, Who: WhoAdministrator},
	{Code: ExchangeGone, Stage: StageExchange, Statuses: []int{http.StatusGone}, Who: WhoAdministrator},

	{Code: ClaimUnreadable, Stage: StageClaim, Who: WhoAltinn},
	{Code: ClaimScope, Stage: StageClaim, Who: WhoYou, Step: "describe"},
	{Code: ClaimOrganisation, Stage: StageClaim, Who: WhoAltinn, Possible: []Possible{ownerListedLately, ownerUnlisted, ownerSupplier, ownerSynthetic}},
}

// accessDiagnoses are those of Notifications, which answers 401 and 403 without
// a word.
var accessDiagnoses = []Diagnosis{
	{Code: AccessTokenRefused, Stage: StageAccess, Who: WhoAdministrator},
	{Code: AccessScope, Stage: StageAccess, Who: WhoYou, Step: "describe"},
	{Code: AccessOrganisation, Stage: StageAccess, Who: WhoAltinn, Unseen: "stage-before"},
	{Code: AccessRefused, Stage: StageAccess, Who: WhoAltinn},
	{Code: AccessParameter, Stage: StageAccess, Statuses: []int{http.StatusBadRequest}, Who: WhoAdministrator},
	{Code: AccessContentType, Stage: StageAccess, Statuses: []int{http.StatusUnsupportedMediaType}, Who: WhoAdministrator},
	{Code: AccessNotFound, Stage: StageAccess, Statuses: []int{http.StatusNotFound}, Who: WhoAdministrator},
	{Code: AccessDependency, Stage: StageAccess, Refusals: []string{"NOT-00004"}, Who: WhoAltinn},
}
