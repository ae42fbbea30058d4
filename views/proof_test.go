package views

import (
	"slices"
	"testing"

	"portvakt/internal/proof"
)

// A failure is mended in a step that exists, or in none.
func TestRemedySteps(t *testing.T) {
	t.Parallel()
	for _, d := range proof.Diagnoses() {
		if d.Step != "" && !slices.Contains(stepIDs, d.Step) {
			t.Errorf("%s leads to %s, which does not exist", d.Code, d.Step)
		}
	}
}
