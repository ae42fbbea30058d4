package sandbox

import "slices"

// Organisation is a practice organisation. Its number is synthetic and has a valid check digit.
type Organisation struct {
	Number string
	Name   string
	// Code is the short name on Altinn's list of service owners. Empty: Altinn does not know it as one.
	Code string
	// Grants are the scopes that their owners have granted it.
	Grants []string
}

// Granted says whether the organisation has been granted the scope, or everybody has.
func (o Organisation) Granted(scope string) bool {
	offered, ok := scopeNamed(scope)
	return ok && (offered.Open || slices.Contains(o.Grants, scope))
}

// delegation is what a consumer has let a supplier do for it in Altinn.
type delegation struct{ consumer, supplier, scope string }

const (
	directorate = "310110019"
	inspection  = "310220027"
	accountant  = "310330035"
)

// Organisations returns the practice organisations: a service owner with everything that can be had, a service owner
// who lacks the Notifications scope, and an organisation that Altinn does not know as a service owner.
func Organisations() []Organisation {
	all := grantable()
	return []Organisation{
		{Number: directorate, Name: "Øvelsesdirektoratet", Code: "ovd", Grants: all},
		{Number: inspection, Name: "Prøvetilsynet", Code: "prt", Grants: without(all, notificationsScope)},
		{Number: accountant, Name: "Lærevik Regnskap AS", Grants: []string{
			serviceOwnerScope, serviceOwnerScope + "/instances.read", serviceOwnerScope + "/instances.write",
			notificationsScope,
		}},
	}
}

// delegations are fixed: the directorate lets the accountant order notifications for it, and nothing else is delegated.
func delegations() []delegation {
	return []delegation{
		{consumer: directorate, supplier: accountant, scope: serviceOwnerScope},
		{consumer: directorate, supplier: accountant, scope: notificationsScope},
	}
}

// OrganisationNumbered finds a practice organisation by its number.
func OrganisationNumbered(number string) (Organisation, bool) {
	all := Organisations()
	i := slices.IndexFunc(all, func(o Organisation) bool { return o.Number == number })
	if i < 0 {
		return Organisation{}, false
	}
	return all[i], true
}

func without(scopes []string, scope string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == scope })
}
