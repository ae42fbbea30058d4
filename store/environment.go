package store

import "fmt"

// Environment is one of the worlds in which an integration can live.
type Environment string

// The environments.
const (
	Sandbox Environment = "sandbox" // built in, on this machine
	Test    Environment = "test"    // test.maskinporten.no and tt02
	Prod    Environment = "prod"
)

// ParseEnvironment reads an environment's name. The problems are ErrEmpty and
// ErrUnknown.
func ParseEnvironment(text string) (Environment, error) {
	switch e := Environment(text); e {
	case Sandbox, Test, Prod:
		return e, nil
	case "":
		return "", fmt.Errorf("reading environment: %w", ErrEmpty)
	}
	return "", fmt.Errorf("reading environment: %w", ErrUnknown)
}
