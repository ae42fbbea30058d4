package handlers

import (
	"regexp"
	"slices"
	"testing"

	"portvakt/internal/proof"
	"portvakt/views"
)

var mail = regexp.MustCompile(`[a-z]+@[a-z]+\.no`)

// The words name the same addresses as the table, whatever the language.
func TestWordsNameTheAddressesOfTheTable(t *testing.T) {
	t.Parallel()
	for _, l := range views.Languages {
		words := views.In(l)
		for who, address := range map[proof.Who]string{proof.WhoAltinn: altinnDesk, proof.WhoDigdir: digdirDesk} {
			if got := mail.FindAllString(words.S("who."+string(who)), -1); !slices.Equal(got, []string{address}) {
				t.Errorf("%s: who.%s says %q, want %s", l, who, got, address)
			}
		}
		for _, d := range proof.Diagnoses() {
			want := deskOf(d.Who, d.Stage)
			if d.Who == proof.WhoScopeOwner {
				want = scopeOwner("altinn:x")
			}
			for _, id := range []string{"cause." + d.Code, "remedy." + d.Code} {
				for _, got := range mail.FindAllString(words.S(id), -1) {
					if got != altinnDesk && got != digdirDesk || want != "" && got != want {
						t.Errorf("%s: %s says %s, want %q", l, id, got, want)
					}
				}
			}
		}
		for _, id := range []string{"before.list", "owner.unlisted", "possible.owner-unlisted"} {
			if got := mail.FindAllString(words.S(id), -1); !slices.Equal(got, []string{altinnDesk}) {
				t.Errorf("%s: %s says %q, want %s", l, id, got, altinnDesk)
			}
		}
	}
}
