package maskinporten_test

import (
	"strings"
	"testing"

	"portvakt/internal/maskinporten"
)

// onRecord is what a good grant agrees with.
func onRecord() maskinporten.Record {
	return maskinporten.Record{
		Issuer: "https://test.maskinporten.no/",
		Keys:   []maskinporten.RecordKey{{Kid: "newer"}, {Kid: goodHeader["kid"].(string)}},
		Scopes: []string{goodScope, "altinn:serviceowner"},
	}
}

// records are grants beside what is on record, with what there is to say.
var records = []struct {
	name           string
	header, claims members
	change         func(*maskinporten.Record)
	want           string
}{
	{"the same", nil, nil, nil, ""},
	{"no scopes on record", nil, nil, func(r *maskinporten.Record) { r.Scopes = nil }, ""},
	{"no keys on record", nil, nil, func(r *maskinporten.Record) { r.Keys = nil }, ""},
	{"another environment", nil, members{"aud": "https://maskinporten.no/"}, nil, "record.environment"},
	{"an environment that is turned off", nil, nil, func(r *maskinporten.Record) { r.Issuer = "" }, ""},
	{"another environment, with a fault", nil, members{"aud": "https://maskinporten.no"}, nil, "aud.no-slash"},
	{"another kid", members{"kid": "other"}, nil, nil, "record.kid-unknown"},
	{"the kid has another name there", nil, nil, func(r *maskinporten.Record) { r.Keys[1].Registered = "uuid" }, "record.kid-renamed"},
	{"the name there", members{"kid": "uuid"}, nil, func(r *maskinporten.Record) { r.Keys[1].Registered = "uuid" }, ""},
	{"an expired key", nil, nil, func(r *maskinporten.Record) { r.Keys[1].Expired = true }, "record.key-expired"},
	{"a dropped key", nil, nil, func(r *maskinporten.Record) { r.Keys[1].Dropped = true }, "record.key-dropped"},
	{"a certificate", members{"kid": drop{}, "x5c": []string{"MIIB"}}, nil, nil, "x5c.certificate record.x5c"},
	{"a scope more", nil, members{"scope": goodScope + " altinn:broker.read"}, nil, "record.scope"},
	{"a scope with a fault", nil, members{"scope": "altinn:notifications.create"}, nil, "scope.old"},
}

func TestAutopsyCompared(t *testing.T) {
	t.Parallel()
	for _, row := range records {
		r := onRecord()
		if row.change != nil {
			row.change(&r)
		}
		v := maskinporten.Autopsy(cutGrant(goodHeader.with(row.header), goodClaims.with(row.claims)), today, known)
		v = v.Compared(&r)
		if got := strings.Join(codes(v), " "); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
		checkVerdict(t, v)
	}
}

func TestAutopsyNotOnRecord(t *testing.T) {
	t.Parallel()
	alone := maskinporten.Autopsy(cutGrant(goodHeader, goodClaims), today, known)
	v := alone.Compared(nil)
	if got, want := strings.Join(codes(v), " "), "record.none"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	checkVerdict(t, v)
	if len(alone.Remarks) > 0 {
		t.Error("the first verdict was changed")
	}
}
