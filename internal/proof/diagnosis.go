package proof

import (
	"regexp"
	"slices"
	"strings"
)

// Who is who can mend a failure.
type Who string

// Those who can.
const (
	// WhoYou is who asked for the proof, or the service owner as a whole.
	WhoYou Who = "you"
	// WhoAdministrator is who runs the portal, its machine and its network.
	WhoAdministrator Who = "administrator"
	// WhoScopeOwner is the organisation that decides who gets the scope.
	WhoScopeOwner Who = "scope-owner"
	WhoAltinn     Who = "altinn"
	WhoDigdir     Who = "digdir"
)

// Diagnosis is what is known of one code: how an answer is recognised as it,
// and where to go with it. The words are found by Code.
type Diagnosis struct {
	// Code is stable. Of a failure that a run can come upon it begins with the
	// stage's name.
	Code string
	// Stage is empty for failures of other programs and pages.
	Stage Stage

	// Texts, Refusals, Statuses recognise an answer, in this order, since many
	// real answers carry no code. Texts are in lower case, and one of them must
	// stand in the description, whose ends (without a trace id and full stop)
	// are marked by ^ and $; Refusals are codes (MP-121, NOT-00004) and
	// OAuth errors (invalid_target). A diagnosis that has none of the three is
	// found in another way than by its answer. Vague are texts that several
	// refusals begin or end with: they count when no text and no code of any is
	// there.
	Texts    []string
	Refusals []string
	Vague    []string
	Statuses []int

	Who Who
	// Step of the guide is where it is mended: describe, key, register, record,
	// prove or configure. Empty when it is nowhere in the guide.
	Step string
	// Possible are the causes that look alike from here, the likelier ones
	// first as long as nothing speaks for another.
	Possible []Possible
	// Unseen says by a code why no run can come upon it; empty when one can.
	Unseen string
}

// Diagnoses are all of them, in the order of the stages. The slice is the
// caller's; what it refers to must not be changed.
func Diagnoses() []Diagnosis { return slices.Clone(diagnoses) }

// DiagnosisOf finds what is known of a code.
func DiagnosisOf(code string) (Diagnosis, bool) {
	i, known := byCode[code]
	if !known {
		return Diagnosis{}, false
	}
	return diagnoses[i], true
}

// Codes are all codes that a Result can carry.
var Codes = func() []string {
	var codes []string
	for _, d := range diagnoses {
		if d.Stage != "" {
			codes = append(codes, d.Code)
		}
	}
	return codes
}()

var diagnoses = slices.Concat(
	ownDiagnoses, callDiagnoses(StageMetadata), tokenDiagnoses, callDiagnoses(StageToken), scopeDiagnoses,
	exchangeDiagnoses, callDiagnoses(StageExchange), accessDiagnoses, callDiagnoses(StageAccess), elsewhereDiagnoses,
)

var byCode = func() map[string]int {
	index := map[string]int{}
	for i, d := range diagnoses {
		index[d.Code] = i
	}
	return index
}()

var trace = regexp.MustCompile(`\((?:trace_id|correlation id): *[0-9a-f-]*\)$`)

// recognise finds the code of a failure at a stage with a call: by the text of
// the answer, else by its code, else by its status, else by how the call ended.
func recognise(s Stage, f failure) string {
	if f.refused {
		description := "^" + strings.TrimRight(trace.ReplaceAllString(strings.ToLower(f.answer.Description), ""), ". ") + "$"
		for _, known := range []func(Diagnosis) bool{
			func(d Diagnosis) bool { return anyIn(d.Texts, description) },
			func(d Diagnosis) bool { return f.answer.Code != "" && slices.Contains(d.Refusals, f.answer.Code) },
			func(d Diagnosis) bool { return f.answer.Error != "" && slices.Contains(d.Refusals, f.answer.Error) },
			func(d Diagnosis) bool { return f.answer.Code == "" && anyIn(d.Vague, description) },
		} {
			if found, ok := first(s, known); ok {
				return found
			}
		}
	}
	// A gateway gives the right status with a page of its own, and Altinn with
	// a bare sentence.
	if found, ok := first(s, func(d Diagnosis) bool { return slices.Contains(d.Statuses, f.status) }); ok {
		return found
	}
	if f.status >= 500 {
		return code(s, ReasonServerError)
	}
	if found := code(s, reasons[f.kind]); slices.Contains(Codes, found) {
		return found
	}
	return code(s, ReasonUnknown)
}

func anyIn(texts []string, description string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(description, text) })
}

// first is the code of the stage's first diagnosis that fits.
func first(s Stage, fits func(Diagnosis) bool) (string, bool) {
	for _, d := range diagnoses {
		if d.Stage == s && fits(d) {
			return d.Code, true
		}
	}
	return "", false
}
