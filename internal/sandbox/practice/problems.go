package practice

import (
	"errors"
	"maps"
	"slices"
	"unicode/utf8"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

const (
	// maxProblems is how many sentences a page shows of one field: a list of words pasted by mistake gives thousands.
	maxProblems = 8
	// maxFigure is the longest text that a sentence quotes.
	maxFigure = 80
)

// refused puts what the sandbox refuses into problems of a page. Another error among them comes back as it is.
func refused(errs ...error) (views.PracticeProblems, error) {
	var shown views.PracticeProblems
	count := map[string]int{}
	for _, err := range errs {
		var problems sandbox.Problems
		if err != nil && !errors.As(err, &problems) {
			return nil, err
		}
		for _, p := range problems {
			one := views.PracticeProblem{Field: p.Field, Code: p.Code, Figures: figures(p.Figures)}
			if slices.ContainsFunc(shown, same(one)) {
				continue
			}
			if count[p.Field]++; count[p.Field] <= maxProblems {
				shown = append(shown, one)
			}
		}
	}
	return shown, nil
}

// merge adds problems of fields that have none yet: of a field that was emptied one need not hear that it is empty.
func merge(problems, more views.PracticeProblems) views.PracticeProblems {
	merged := slices.Clone(problems)
	for _, one := range more {
		if !about(problems, one.Field) {
			merged = append(merged, one)
		}
	}
	return merged
}

// inOrder sorts problems as their fields stand on the page.
func inOrder(problems views.PracticeProblems, fields ...string) views.PracticeProblems {
	slices.SortStableFunc(problems, func(a, b views.PracticeProblem) int {
		return slices.Index(fields, a.Field) - slices.Index(fields, b.Field)
	})
	return problems
}

func same(a views.PracticeProblem) func(views.PracticeProblem) bool {
	return func(b views.PracticeProblem) bool {
		return a.Field == b.Field && a.Code == b.Code && maps.Equal(a.Figures, b.Figures)
	}
}

// figures shortens what came from a person, such as the kid of a pasted key.
func figures(all map[string]string) map[string]string {
	short := map[string]string{}
	for name, text := range all {
		text = shown(text)
		if utf8.RuneCountInString(text) > maxFigure {
			text = string([]rune(text)[:maxFigure]) + "…"
		}
		short[name] = text
	}
	return short
}
