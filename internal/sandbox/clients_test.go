package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portvakt/internal/sandbox"
)

func TestAddClientRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	good := []string{notifyScope}
	for _, test := range []struct {
		name, organisation, label, description string
		scopes                                 []string
		want                                   []string
	}{
		{"nothing", "", " ", "", nil, []string{
			sandbox.CodeOrganisationUnknown, sandbox.CodeNameEmpty, sandbox.CodeDescriptionEmpty, sandbox.CodeScopeNone}},
		{"unknown organisation", "999999999", "a", "b", good, []string{sandbox.CodeOrganisationUnknown}},
		{"long texts", directorate, strings.Repeat("å", 256), strings.Repeat("å", 1001), good, []string{
			sandbox.CodeNameTooLong, sandbox.CodeDescriptionTooLong}},
		{"line break in the name", directorate, "a\nb", "c\nd", good, []string{sandbox.CodeNameControl}},
		{"bell in the description", directorate, "a", "b\a", good, []string{sandbox.CodeDescriptionControl}},
		{"unknown scopes", directorate, "a", "b", []string{"x:y", notifyScope, "altinn:Serviceowner"}, []string{
			sandbox.CodeScopeUnknown, sandbox.CodeScopeUnknown}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := f.AddClient(test.organisation, test.label, test.description, test.scopes)
			if diff := cmp.Diff(test.want, codes(t, err)); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	f := start(t)
	id := f.client.ID
	for _, err := range []error{
		f.SetScopes(id, []string{ownerScope, notifyScope, ownerScope}),
		f.SetTokenLifetime(id, 600),
		f.ExpireKey(id, kid),
		f.RemoveKey(id, kid),
		f.Deactivate(id),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	client, err := f.Client(id)
	if err != nil {
		t.Fatal(err)
	}
	want := []sandbox.Event{
		{Time: noon, What: sandbox.EventClientCreated, Detail: ownerScope + " " + notifyScope},
		{Time: noon, What: sandbox.EventKeyAdded, Detail: kid},
		{Time: noon, What: sandbox.EventScopesSet, Detail: ownerScope + " " + notifyScope},
		{Time: noon, What: sandbox.EventLifetimeSet, Detail: "600"},
		{Time: noon, What: sandbox.EventKeyExpired, Detail: kid},
		{Time: noon, What: sandbox.EventKeyRemoved, Detail: kid},
		{Time: noon, What: sandbox.EventClientDeactivated},
	}
	if diff := cmp.Diff(want, client.History); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}

	inactive := []string{sandbox.CodeClientInactive}
	_, err = f.AddKeys(id, publicKey(t, f.key, "late").JSON())
	for _, err := range []error{err, f.SetScopes(id, []string{ownerScope}), f.Deactivate(id)} {
		if diff := cmp.Diff(inactive, codes(t, err)); diff != "" {
			t.Errorf("codes (-want +got):\n%s", diff)
		}
	}
}

func TestSetTokenLifetimeRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, seconds := range []int{-1, 0, 7201} {
		if diff := cmp.Diff([]string{sandbox.CodeLifetime}, codes(t, f.SetTokenLifetime(f.client.ID, seconds))); diff != "" {
			t.Errorf("%d seconds (-want +got):\n%s", seconds, diff)
		}
	}
}

func TestOrganisations(t *testing.T) {
	t.Parallel()
	weights := []int{3, 2, 7, 6, 5, 4, 3, 2, 1}
	for _, o := range sandbox.Organisations() {
		sum := 0
		for i, digit := range o.Number {
			sum += weights[i] * int(digit-'0')
		}
		if sum%11 != 0 || len(o.Number) != 9 {
			t.Errorf("%s has no valid check digit", o.Number)
		}
		if !o.Granted("altinn:events.subscribe") || o.Granted("altinn:serviceowner/notifications.composedemail.create") || o.Granted("x:y") {
			t.Errorf("%s: open scopes are for all, ordered and unknown ones for nobody", o.Name)
		}
	}
	var granted []string
	for _, o := range sandbox.Organisations() {
		if o.Granted(notifyScope) {
			granted = append(granted, o.Number)
		}
	}
	if diff := cmp.Diff([]string{directorate, accountant}, granted); diff != "" {
		t.Errorf("who may order notifications (-want +got):\n%s", diff)
	}
	names := map[string]bool{}
	for _, scope := range sandbox.Scopes() {
		if names[scope.Name] {
			t.Errorf("%s is offered twice", scope.Name)
		}
		names[scope.Name] = true
	}
	if inspector, _ := sandbox.OrganisationNumbered(inspection); !slices.Contains(inspector.Grants, ownerScope) {
		t.Error("the inspection is a service owner")
	}
}
