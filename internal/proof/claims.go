package proof

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"portvakt/jwk"
)

const (
	// No real claim lies deeper; authorization_details reaches four.
	maxDepth = 6
	// Shorter pieces of a secret tell nothing, and would cut into values.
	pieceLimit = 16
)

// keep copies decoded claims so that they can be kept: a claim can hold
// anything at all, a token included.
func keep(claims map[string]any, secrets ...string) map[string]any {
	if claims == nil {
		return nil
	}
	var k keeper
	for _, secret := range secrets {
		for _, piece := range strings.Split(secret, ".") {
			if len(piece) >= pieceLimit {
				k.pieces = append(k.pieces, piece)
			}
		}
	}
	return k.value(claims, 0).(map[string]any)
}

type keeper struct{ pieces []string }

func (k keeper) text(s string) string {
	s = jwk.CutSigned(s, "[removed]")
	if len(s) < pieceLimit {
		return s
	}
	for _, piece := range k.pieces {
		s = strings.ReplaceAll(s, piece, "[removed]")
	}
	return s
}

func (k keeper) value(v any, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	switch v := v.(type) {
	case string:
		return k.text(v)
	case map[string]any:
		kept := make(map[string]any, len(v))
		for name, inner := range v {
			kept[k.text(name)] = k.value(inner, depth+1)
		}
		return kept
	case []any:
		kept := make([]any, len(v))
		for i, inner := range v {
			kept[i] = k.value(inner, depth+1)
		}
		return kept
	}
	return v
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// number reads a time or a duration from a claim.
func number(v any) (int64, bool) {
	switch v := v.(type) {
	case json.Number:
		n, err := v.Int64()
		return n, err == nil
	case float64:
		return int64(v), math.Abs(v) < 1<<53
	}
	return 0, false
}

// life is a token's life in seconds as its claims tell it, 0 if they do not.
func life(claims map[string]any) int {
	exp, ok := number(claims["exp"])
	iat, ok2 := number(claims["iat"])
	if !ok || !ok2 || exp < iat || exp-iat > 1<<31 {
		return 0
	}
	return int(exp - iat)
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
