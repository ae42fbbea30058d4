package views

import (
	"slices"
	"testing"

	"portvakt/internal/maskinporten"
)

// What the words about a remark have places for is among its figures, and every
// figure is told.
func TestGrantRemarksAreFilled(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		known := rawMessages(t, l)
		for code, figures := range maskinporten.Judgements() {
			told := slices.Concat(places(known["grant."+code+".cause"]), places(known["grant."+code+".remedy"]))
			for _, place := range told {
				if !slices.Contains(figures, place) {
					t.Errorf("%s: %s has a place for %s and gets %v", l, code, place, figures)
				}
			}
			for _, figure := range figures {
				if !slices.Contains(told, figure) {
					t.Errorf("%s: %s does not tell %s", l, code, figure)
				}
			}
		}
	}
}
