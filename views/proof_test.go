package views

import (
	"slices"
	"testing"

	"portvakt/internal/proof"
)

// A remedy leads to a step that exists, for a code that exists.
func TestRemedySteps(t *testing.T) {
	t.Parallel()
	for code, step := range remedySteps {
		if !slices.Contains(proof.Codes, code) || !slices.Contains(stepIDs, step) {
			t.Errorf("%s leads to %s: one of them does not exist", code, step)
		}
	}
}
