package proof

// Why a run cannot come upon a failure: it lies in a program or on a page of
// somebody else's, or the portal's own grants and calls leave no room for it.
const (
	unseenProgram = "program"
	unseenSite    = "site"
)

// elsewhereDiagnoses are what people meet in their own system and in
// Samarbeidsportalen after, or before, a proof is green. The portal explains
// them, and cannot see them.
var elsewhereDiagnoses = []Diagnosis{
	{Code: "elsewhere.retired-host", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.short-grant", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.token-per-call", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.token-audience", Who: WhoScopeOwner, Step: "prove", Unseen: unseenProgram},
	{Code: "elsewhere.old-keys", Who: WhoScopeOwner, Unseen: unseenProgram},
	{Code: "elsewhere.grant-in-log", Who: WhoYou, Unseen: unseenProgram},
	{Code: "elsewhere.not-exchanged", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.exchange-setting", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.exchange-environment", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.test-parameter", Who: WhoYou, Unseen: unseenProgram},
	{Code: "elsewhere.encoded-jwk-format", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.encoded-jwk-public", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.kid-setting", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.secret-expired", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.debug-log", Who: WhoYou, Step: "configure", Unseen: unseenProgram},
	{Code: "elsewhere.key-brackets", Who: WhoYou, Step: "register", Unseen: unseenSite},
	{Code: "elsewhere.key-incomplete", Who: WhoYou, Step: "key", Unseen: unseenSite},
	{Code: "elsewhere.key-type", Who: WhoYou, Step: "key", Unseen: unseenSite},
	{Code: "elsewhere.key-private", Who: WhoYou, Step: "key", Unseen: unseenSite},
	{Code: "elsewhere.sixth-key", Who: WhoYou, Step: "register", Unseen: unseenSite},
	{Code: "elsewhere.kid-taken", Who: WhoYou, Step: "key", Unseen: unseenSite},
	{Code: "elsewhere.key-list-replaced", Who: WhoYou, Step: "register", Unseen: unseenProgram},
	{Code: "elsewhere.terms", Who: WhoYou, Step: "register", Unseen: unseenSite},
	{Code: "elsewhere.no-right", Who: WhoYou, Step: "register", Unseen: unseenSite},
	{Code: "elsewhere.other-company", Who: WhoDigdir, Step: "register", Unseen: unseenSite},
	{Code: "elsewhere.scopes-menu", Who: WhoYou, Step: "register", Unseen: unseenSite},
}
