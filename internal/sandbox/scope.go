package sandbox

import (
	"slices"
	"strings"
)

// Scope is one that the practice portal offers.
type Scope struct {
	Name string
	// Open scopes may be used by every organisation, without a grant.
	Open bool
	// Login scopes belong to integrations with a person at the keyboard. A Maskinporten client that asks for one is
	// refused.
	Login bool
	// Order scopes are given out one by one by their owner, and nobody in the sandbox has been given any: they show
	// what a missing grant looks like.
	Order bool
	// MaxAge is the longest life of a token with this scope, in seconds; 0 leaves it to the client.
	MaxAge int
}

const (
	serviceOwnerScope  = "altinn:serviceowner"
	notificationsScope = serviceOwnerScope + "/notifications.create"
)

// hour is the longest life of a token for most of Altinn's scopes, in seconds.
const hour = 3600

// Scopes returns what the practice portal offers, sorted by name.
func Scopes() []Scope {
	offered := []Scope{
		{Name: "altinn:events.subscribe", Open: true, MaxAge: hour},
		{Name: serviceOwnerScope + "/notifications.composedemail.create", Order: true, MaxAge: hour},
		{Name: "altinn:authorization/authorize", Order: true, MaxAge: hour},
		{Name: "altinn:accessmanagement/authorizedparties.resourceowner", Order: true, MaxAge: hour},
		{Name: "krr:global/kontaktinformasjon.read"},
		{Name: "krr:user/kontaktinformasjon.read", Login: true},
	}
	for _, name := range []string{
		"altinn:serviceowner",
		"altinn:serviceowner/consents",
		"altinn:serviceowner/delegationrequests.read",
		"altinn:serviceowner/delegationrequests.write",
		"altinn:serviceowner/delegations.write",
		"altinn:serviceowner/events",
		"altinn:serviceowner/instances.read",
		"altinn:serviceowner/instances.write",
		"altinn:serviceowner/notifications.create",
		"altinn:serviceowner/notifications.read",
		"altinn:serviceowner/organizations",
		"altinn:serviceowner/reportees",
		"altinn:serviceowner/rolesandrights",
		"altinn:serviceowner/srr.read",
		"altinn:serviceowner/srr.write",
		"altinn:appdeploy",
		"altinn:authentication/systemregister.write",
		"altinn:authentication/systemuser.request.read",
		"altinn:authentication/systemuser.request.write",
		"altinn:broker.read",
		"altinn:broker.write",
		"altinn:clientdelegations.read",
		"altinn:clientdelegations.write",
		"altinn:consentrequests.read",
		"altinn:consentrequests.write",
		"altinn:consenttokens",
		"altinn:correspondence.read",
		"altinn:correspondence.write",
		"altinn:events.publish",
		"altinn:instances.meta",
		"altinn:instances.read",
		"altinn:instances.write",
		"altinn:maskinporten/delegations",
		"altinn:maskinporten/delegationschemes.read",
		"altinn:maskinporten/delegationschemes.write",
		"altinn:resourceregistry/accesslist.read",
		"altinn:resourceregistry/accesslist.write",
		"altinn:resourceregistry/resource.read",
		"altinn:resourceregistry/resource.write",
		"digdir:dialogporten.serviceprovider",
		"digdir:dialogporten.serviceprovider.search",
	} {
		offered = append(offered, Scope{Name: name, MaxAge: hour})
	}
	slices.SortFunc(offered, func(a, b Scope) int { return strings.Compare(a.Name, b.Name) })
	return offered
}

// offered is made once, since each token request looks scopes up.
var offered = Scopes()

func scopeNamed(name string) (Scope, bool) {
	i := slices.IndexFunc(offered, func(s Scope) bool { return s.Name == name })
	if i < 0 {
		return Scope{}, false
	}
	return offered[i], true
}

// grantable are the scopes that an organisation can have been granted here.
func grantable() []string {
	var names []string
	for _, scope := range offered {
		if !scope.Order {
			names = append(names, scope.Name)
		}
	}
	return names
}
