package store

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// CatalogueScope is a scope that a person can pick.
type CatalogueScope struct {
	Scope  Scope
	Key    string // stem of its message keys, such as "serviceowner-notifications-create"
	Access Access
	Group  string // such as "notifications"; stem of message keys too
}

// Access is how a service owner gets a scope.
type Access string

// The ways.
const (
	AccessAll      Access = "all"      // every service owner has it
	AccessOpen     Access = "open"     // anybody can have it
	AccessOrder    Access = "order"    // it must be granted first
	AccessUnstated Access = "unstated" // the documentation does not say
)

// Purpose is a use that fills in scopes.
type Purpose struct {
	ID     string
	Scopes []Scope
}

// Catalogue lists the scopes that can be picked, by group, in the order in which
// they are shown. The caller may change the list.
func Catalogue() []CatalogueScope { return slices.Clone(builtIn().scopes) }

// Purposes lists the built-in purposes. The caller may change the list, but not
// the scopes in it.
func Purposes() []Purpose { return slices.Clone(builtIn().purposes) }

//go:embed catalogue.json
var catalogueFile []byte

type catalogue struct {
	scopes   []CatalogueScope
	purposes []Purpose
}

var builtIn = sync.OnceValue(func() catalogue {
	var file struct {
		Purposes []struct {
			ID     string
			Scopes []Scope
		}
		Groups []struct {
			Group  string
			Scopes []struct {
				Scope  Scope
				Key    string
				Access Access
			}
		}
	}
	if err := json.Unmarshal(catalogueFile, &file); err != nil {
		// The file is part of the program, and a test reads it.
		panic(fmt.Sprintf("reading catalogue.json: %v", err))
	}
	var c catalogue
	for _, p := range file.Purposes {
		c.purposes = append(c.purposes, Purpose(p))
	}
	for _, g := range file.Groups {
		for _, s := range g.Scopes {
			c.scopes = append(c.scopes, CatalogueScope{Scope: s.Scope, Key: s.Key, Access: s.Access, Group: g.Group})
		}
	}
	return c
})
