package sandbox

import "slices"

// parties are the organisations that a token is about.
type parties struct {
	consumer string
	supplier string // empty unless the consumer has delegated
}

// authorize decides whether the client may have every scope that it asks for, on its own behalf or on that of
// consumer_org. Three things must agree: the scope is on the client, its kind fits, and its owner has granted it.
func authorize(g grant, client Client) (parties, error) {
	var strange []string
	for _, scope := range g.scopes {
		if !slices.Contains(client.Scopes, scope) {
			strange = append(strange, scope)
		}
	}
	if len(strange) > 0 {
		return parties{}, scopesNotOnClient(strange)
	}
	for _, scope := range g.scopes {
		if offered, _ := scopeNamed(scope); offered.Login {
			return parties{}, scopeForLogin(scope)
		}
	}
	p := parties{consumer: client.Organisation}
	if g.consumer != "" {
		if g.consumer == client.Organisation {
			return parties{}, errOwnOrg
		}
		p = parties{consumer: g.consumer, supplier: client.Organisation}
	}
	for _, scope := range g.scopes {
		if err := p.mayUse(scope); err != nil {
			return parties{}, err
		}
	}
	return p, nil
}

// mayUse asks for the delegation first: without it, what the consumer has been granted is not the supplier's business.
func (p parties) mayUse(scope string) error {
	if p.supplier != "" && !slices.Contains(delegations(), delegation{p.consumer, p.supplier, scope}) {
		return scopeNotDelegated(p.consumer, scope, p.supplier)
	}
	if consumer, ok := OrganisationNumbered(p.consumer); !ok || !consumer.Granted(scope) {
		return scopeNotGranted(scope)
	}
	return nil
}
