package proof_test

import (
	"slices"
	"testing"
	"time"

	"portvakt/internal/proof"
)

// What was registered minutes ago may be on its way, unless something on record
// tells that it cannot be that. Either way the reader gets the possible causes.
func TestNotYet(t *testing.T) {
	t.Parallel()
	for _, fault := range []struct {
		id, early, late, first string
	}{
		{"unknown-kid", proof.TokenKidNotYet, proof.TokenUnknownKid, "key-renamed"},
		{"unknown-client", proof.TokenClientNotYet, proof.TokenClientNotFound, "client-elsewhere"},
	} {
		for name, test := range map[string]struct {
			arrange func(*proof.Subject)
			early   bool
		}{
			"just posted":               {func(*proof.Subject) {}, true},
			"posted eleven minutes ago": {func(s *proof.Subject) { s.Facts.Posted = noon.Add(-11 * time.Minute) }, false},
			"never posted":              {func(s *proof.Subject) { s.Facts.Posted = time.Time{} }, false},
			"no client id":              {func(s *proof.Subject) { s.ClientID = "Saksystem" }, false},
			"another environment's":     {func(s *proof.Subject) { s.Facts.RecordedElsewhere = true }, false},
			"another integration's":     {func(s *proof.Subject) { s.Facts.ClientOfOthers = true }, false},
			"worked before":             {func(s *proof.Subject) { s.Facts.ProvedBefore = true }, false},
			"another worked before":     {func(s *proof.Subject) { s.Facts.ClientChanged = true }, true},
		} {
			t.Run(fault.id+"/"+name, func(t *testing.T) {
				t.Parallel()
				w := start(t)
				w.subject.Facts.Posted = noon
				test.arrange(&w.subject)
				must(t, w.sandbox.SetFault(fault.id, true, 0))
				run := w.prove(t)
				sound(t, run)
				red, _ := run.Failed()
				want := fault.late
				switch {
				case test.early:
					want = fault.early
				case name == "no client id":
					// The sandbox looks for the client before the key.
					want = proof.TokenClientNotFound
				}
				if red.Code != want || (red.Figures["wait"] != "") != test.early {
					t.Errorf("got %q with the figures %v, want %q", red.Code, red.Figures, want)
				}
				if name != "no client id" && !slices.ContainsFunc(red.Possible, func(p proof.Possibility) bool { return p.ID == fault.first }) {
					t.Errorf("got the possible causes %+v", red.Possible)
				}
			})
		}
	}
}

// A run tells for which client it was made.
func TestRunHasItsClient(t *testing.T) {
	t.Parallel()
	w := start(t)
	if run := w.prove(t); run.ClientID != w.subject.ClientID || run.ClientID == "" {
		t.Errorf("got %q, want %q", run.ClientID, w.subject.ClientID)
	}
}

// What the portal itself puts into the grant is for who runs it to mend.
func TestWhoMendsTheGrant(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		proof.TokenLifeTooLong, proof.TokenWrongAudience, proof.TokenMalformed, proof.TokenGrantType, proof.TokenUnknownClaim,
	} {
		if d, known := proof.DiagnosisOf(code); !known || d.Who != proof.WhoAdministrator {
			t.Errorf("%s: got %q", code, d.Who)
		}
	}
}
