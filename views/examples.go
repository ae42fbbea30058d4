package views

import (
	"slices"
	"time"

	"github.com/a-h/templ"
)

// Example is a page in one of its telling states. The tests render them all, and
// together they show a designer or a translator every page without clicking.
type Example struct {
	// Name is the page and its state: "journey/key fresh".
	Name string
	Page templ.Component

	// data is the page's struct and show makes a page of another one, so that a
	// test can put other values into it.
	data any
	show func(any) templ.Component
}

func example[P any](name string, page P, show func(P) templ.Component) Example {
	return Example{Name: name, Page: show(page), data: page, show: func(data any) templ.Component { return show(data.(P)) }}
}

// Examples are all pages in the language of t. Nothing in them is real: the
// organisations are those of the sandbox, and what stands in the place of a
// private key says that it is none.
func Examples(t Text) []Example {
	return slices.Concat(
		frontExamples(t), errorExamples(t), listExamples(t), describeExamples(t),
		journeyExamples(t), proofExamples(t), adminExamples(t), sightingExamples(t), historyExamples(t), grantExamples(t), failureExamples(t), lintExamples(t), keyToolExamples(t), practiceExamples(t),
	)
}

// What the examples have in common.
const (
	exampleOrganisation = "Øvelsesdirektoratet"
	exampleOrgNumber    = "310110019"
	exampleID           = "k3v9q2x7m4"
	exampleClient       = "0a1b2c3d-1111-2222-3333-444455556666"
	exampleKid          = "sakssystem-sandbox-20261122-Zk3vQx9T"
	exampleThumbprint   = "Zk3vQx9TnR2mWc7LpYb4HsJd8FgKqA1eUoXiNzVw5tM"
	notificationsScope  = "altinn:serviceowner/notifications.create"
	serviceOwnerScope   = "altinn:serviceowner"
)

// exampleTime is when the examples happen.
var exampleTime = time.Date(2026, time.November, 22, 13, 5, 0, 0, time.UTC)

// examplePage is the frame for somebody who is signed in.
func examplePage(t Text, title, tab string) Page {
	return Page{
		T: t, Title: title, Here: Home(), Tab: tab, Local: true, Sandbox: "http://127.0.0.1:8081",
		Person: &Person{
			Name: "Kari Nordmann", Organisation: exampleOrganisation, OrgNumber: exampleOrgNumber,
			Organisations: []OrganisationChoice{
				{Number: exampleOrgNumber, Name: exampleOrganisation, Practice: true, Current: true},
				{Number: "310220027", Name: "Prøvetilsynet", Practice: true},
			},
		},
	}
}

// strangerPage is the frame for somebody who is not.
func strangerPage(t Text, title string) Page {
	return Page{T: t, Title: title, Here: Home(), Local: true, Sandbox: "http://127.0.0.1:8081"}
}
