package sandbox

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of self-service. The real one documents none for texts and clients; these keep the file small.
const (
	maxName        = 255
	maxDescription = 1000
	maxClients     = 200 // of one organisation
)

// Lives of tokens in seconds, as documented: 120 unless the client says otherwise, and never more than two hours.
const (
	defaultLifetime = 120
	minLifetime     = 1
	maxLifetime     = 7200
)

// AddClient registers a Maskinporten client and returns it with its new client id. A scope may be one that the
// organisation has not been granted; the token endpoint then refuses it.
func (s *Sandbox) AddClient(organisation, name, description string, scopes []string) (Client, error) {
	name, description = strings.TrimSpace(name), strings.TrimSpace(description)
	scopes = distinct(scopes)
	var problems Problems
	if _, ok := OrganisationNumbered(organisation); !ok {
		problems = append(problems, problem(FieldOrganisation, CodeOrganisationUnknown))
	}
	problems = append(problems, nameProblems(name)...)
	problems = append(problems, descriptionProblems(description)...)
	problems = append(problems, scopeProblems(scopes)...)
	if err := problems.or(); err != nil {
		return Client{}, err
	}
	var added Client
	err := s.change(func(next *state) error {
		if len(clientsOf(*next, organisation)) >= maxClients {
			return refuse(FieldClient, CodeClientsTooMany, "limit", strconv.Itoa(maxClients))
		}
		added = Client{
			ID: newID(), Organisation: organisation, Name: name, Description: description, Scopes: scopes,
			Active: true, Created: stamp(s.now()), TokenLifetime: defaultLifetime,
		}
		added.note(s.now(), EventClientCreated, strings.Join(scopes, " "))
		next.Clients = append(next.Clients, added)
		return nil
	})
	return added.clone(), err
}

// Clients returns an organisation's clients, also those that have been deactivated, in the order in which they were made.
func (s *Sandbox) Clients(organisation string) []Client {
	s.mu.RLock()
	defer s.mu.RUnlock()

	clients := clientsOf(s.state, organisation)
	for i, client := range clients {
		clients[i] = client.clone()
	}
	return clients
}

// Client returns one client, or ErrNotFound.
func (s *Sandbox) Client(id string) (Client, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()

	i := s.state.client(id)
	if i < 0 {
		return Client{}, ErrNotFound
	}
	return s.state.Clients[i].clone(), nil
}

// SetScopes replaces a client's scopes.
func (s *Sandbox) SetScopes(client string, scopes []string) error {
	scopes = distinct(scopes)
	if err := scopeProblems(scopes).or(); err != nil {
		return err
	}
	return s.changeClient(client, func(c *Client, now time.Time) error {
		c.Scopes = scopes
		c.note(now, EventScopesSet, strings.Join(scopes, " "))
		return nil
	})
}

// SetTokenLifetime sets how many seconds the client's tokens live, unless one of their scopes allows less.
func (s *Sandbox) SetTokenLifetime(client string, seconds int) error {
	if seconds < minLifetime || seconds > maxLifetime {
		return refuse(FieldLifetime, CodeLifetime, "least", strconv.Itoa(minLifetime), "most", strconv.Itoa(maxLifetime))
	}
	return s.changeClient(client, func(c *Client, now time.Time) error {
		c.TokenLifetime = seconds
		c.note(now, EventLifetimeSet, strconv.Itoa(seconds))
		return nil
	})
}

// Deactivate ends a client for good: Maskinporten no longer finds it, and it cannot be changed any more.
func (s *Sandbox) Deactivate(client string) error {
	return s.changeClient(client, func(c *Client, now time.Time) error {
		c.Active = false
		c.note(now, EventClientDeactivated, "")
		return nil
	})
}

// changeClient is change for one client that is still active.
func (s *Sandbox) changeClient(id string, apply func(c *Client, now time.Time) error) error {
	return s.change(func(next *state) error {
		i := next.client(id)
		if i < 0 {
			return ErrNotFound
		}
		if !next.Clients[i].Active {
			return refuse(FieldClient, CodeClientInactive)
		}
		return apply(&next.Clients[i], s.now())
	})
}

func clientsOf(s state, organisation string) []Client {
	var clients []Client
	for _, client := range s.Clients {
		if client.Organisation == organisation {
			clients = append(clients, client)
		}
	}
	return clients
}

func nameProblems(name string) Problems {
	switch {
	case name == "":
		return refuse(FieldName, CodeNameEmpty)
	case utf8.RuneCountInString(name) > maxName:
		return refuse(FieldName, CodeNameTooLong, "limit", strconv.Itoa(maxName))
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return refuse(FieldName, CodeNameControl)
	}
	return nil
}

func descriptionProblems(description string) Problems {
	strange := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\r\n\t", r) }
	switch {
	case description == "":
		return refuse(FieldDescription, CodeDescriptionEmpty)
	case utf8.RuneCountInString(description) > maxDescription:
		return refuse(FieldDescription, CodeDescriptionTooLong, "limit", strconv.Itoa(maxDescription))
	case !utf8.ValidString(description) || strings.ContainsFunc(description, strange):
		return refuse(FieldDescription, CodeDescriptionControl)
	}
	return nil
}

func scopeProblems(scopes []string) Problems {
	if len(scopes) == 0 {
		return refuse(FieldScopes, CodeScopeNone)
	}
	var problems Problems
	for _, scope := range scopes {
		if _, ok := scopeNamed(scope); !ok {
			problems = append(problems, problem(FieldScopes, CodeScopeUnknown, "scope", scope))
		}
	}
	return problems
}

// distinct keeps the first of equal texts, in order, and never shares memory with its argument.
func distinct(texts []string) []string {
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if !slices.Contains(kept, text) {
			kept = append(kept, text)
		}
	}
	return kept
}

// newID makes a random UUID (version 4).
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
