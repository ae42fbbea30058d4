package maskinporten

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Seconds since 1970 of any time that a grant can mean lie between these: from
// September 2001 to the year 2286. Milliseconds lie beyond them.
const (
	leastSeconds = 1e9
	mostSeconds  = 1e10
)

// seconds64 reads a time that is written as it should be.
func seconds64(value any) (int64, bool) {
	n, ok := value.(float64)
	if !ok || n < leastSeconds || n >= mostSeconds {
		return 0, false
	}
	return int64(n), true
}

// moment is the time that a claim means, or zero.
func moment(name string, value any) time.Time {
	switch name {
	case "iat", "exp", "nbf":
		if n, ok := seconds64(value); ok {
			return time.Unix(n, 0).UTC()
		}
	}
	return time.Time{}
}

// identityNumber is a Norwegian national identity number, which nobody needs to
// see again in order to find a fault.
var identityNumber = regexp.MustCompile(`\b[0-9]{11}\b`)

const masked = "•••••••••••"

// valueText is a value as it is shown.
func valueText(name string, value any) string {
	switch v := value.(type) {
	case string:
		return quote(identityNumber.ReplaceAllString(v, masked))
	case float64:
		if math.Abs(v) < 1e15 {
			return identityNumber.ReplaceAllString(strconv.FormatFloat(v, 'f', -1, 64), masked)
		}
	case []any:
		if name == "x5c" {
			return fmt.Sprintf("%d × DER", len(v))
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return quote(identityNumber.ReplaceAllString(string(text), masked))
}

// nonEmpty reads a text that has something in it.
func nonEmpty(value any) (string, bool) {
	s, ok := value.(string)
	return s, ok && strings.TrimSpace(s) != ""
}

var (
	uuidShape       = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	kidShape        = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	orgNumberShape  = regexp.MustCompile(`^[0-9]{9}$`)
	thumbprintShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	// What kids are often made like: a name with a day in it, and kid itself.
	kidNameShape = regexp.MustCompile(`(?i)-(19|20)[0-9]{6}(-|$)|-(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|(^|[._-])(kid|key)([._-]|$)`)
)

// checked reports whether the check digit of an organisation number is right.
func checked(number string) bool {
	sum := 0
	for i, weight := range []int{3, 2, 7, 6, 5, 4, 3, 2} {
		sum += int(number[i]-'0') * weight
	}
	return (11-sum%11)%11 == int(number[8]-'0')
}
