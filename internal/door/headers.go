package door

import (
	"net/url"
	"runtime"
	"strconv"
	"strings"
)

// policy allows what the pages use and nothing else. Trusted Types 'none' ends
// every way from text to markup in a script; data: images are the icons of the
// style sheet.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

type header struct {
	name  string
	value []string
}

// headersFor returns the headers of every response. no-store is the default;
// whoever serves something that may be kept says so itself.
func headersFor(u *url.URL) []header {
	csp := policy
	headers := []header{
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"no-referrer"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=()"}},
		{"Cache-Control", []string{"no-store"}},
	}
	if u.Scheme == "https" {
		csp += "; upgrade-insecure-requests"
		headers = append(headers, header{"Strict-Transport-Security", []string{"max-age=63072000; includeSubDomains"}})
	}
	return append(headers, header{"Content-Security-Policy", []string{csp}})
}

// panicPlace names the first function of this program below a panic: enough to
// find it, and no value with it.
func panicPlace() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(3, pc)])
	past := false
	for {
		f, more := frames.Next()
		if past && strings.HasPrefix(f.Function, "portvakt/") {
			return f.Function[strings.LastIndex(f.Function, "/")+1:] + ":" + strconv.Itoa(f.Line)
		}
		past = past || f.Function == "runtime.gopanic"
		if !more {
			return "unknown"
		}
	}
}
