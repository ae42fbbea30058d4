package proof

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"portvakt/internal/maskinporten"
)

// tolerance is how far a clock may be off: Maskinporten refuses a grant whose
// iat lies more than ten seconds in its future.
const tolerance = 10 * time.Second

// Prepared is a text that waits for its signature.
type Prepared struct {
	// ID names it to Finish.
	ID string
	// SigningInput is the text to be signed with the key of the subject.
	SigningInput string
	// Until is when it is no longer accepted.
	Until time.Time
}

var firstSteps = []step{
	{StageKey, (*flow).checkKey},
	{StageMetadata, (*flow).fetchMetadata},
	{StageClock, (*flow).compareClock},
}

// Prepare runs the stages before the grant. It returns nil and a finished run
// if one of them fails, else what is to be signed and the run so far, which
// Finish goes on with.
func (p *Prover) Prepare(ctx context.Context, s Subject) (*Prepared, Run) {
	s.Scopes, s.Options.Scopes = slices.Clone(s.Scopes), slices.Clone(s.Options.Scopes)
	f := &flow{subject: s, now: p.now, call: p.call}
	f.begin(p.id())

	ctx, cancel := context.WithTimeout(ctx, p.run)
	defer cancel()
	f.walk(ctx, 0, firstSteps)
	if _, red := f.run.Failed(); red {
		return nil, f.run
	}

	f.grant = maskinporten.Grant{
		ClientID:    s.ClientID,
		Kid:         s.Key.Kid(),
		Alg:         s.Key.Alg(),
		Audience:    f.metadata.Issuer,
		Scopes:      s.asked(),
		ConsumerOrg: s.Options.ConsumerOrg,
		Resource:    s.Options.Resource,
		IssuedAt:    p.now(),
		Life:        maskinporten.MaxLife,
		ID:          p.id(),
	}
	f.shipment = p.id()
	w := waiting{
		id: p.id(), signIn: s.SignIn, input: f.grant.SigningInput(),
		until: f.grant.IssuedAt.Add(PreparedLife), flow: f,
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending.add(w, f.grant.IssuedAt)
	return &Prepared{ID: w.id, SigningInput: w.input, Until: w.until}, copyOf(f.run)
}

// id makes a random UUID (version 4).
func (p *Prover) id() string {
	var b [16]byte
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := io.ReadFull(p.random, b[:]); err != nil {
		panic(fmt.Sprintf("proof: the source of randomness failed: %v", err))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (f *flow) checkKey(context.Context) finding {
	s := f.subject
	found := passed().
		with("kid", s.Key.Kid()).
		with("bits", strconv.Itoa(s.Key.Bits())).
		with("thumbprint", s.Key.Thumbprint())
	left := s.KeyExpires.Sub(f.now())
	if !s.KeyExpires.IsZero() {
		found = found.with("days", strconv.Itoa(int(math.Round(left.Hours()/24))))
	}
	switch {
	case s.KeyDropped:
		return found.but(KeyDropped)
	case s.Key.IsZero(), s.Key.Kid() == "", s.Kid != "" && s.Kid != s.Key.Kid(),
		s.Thumbprint != "" && s.Thumbprint != s.Key.Thumbprint():
		return found.but(KeyMismatch)
	case !s.KeyExpires.IsZero() && left <= 0:
		return found.but(KeyExpired)
	}
	return found
}

func (f *flow) fetchMetadata(ctx context.Context) finding {
	ctx, cancel := f.within(ctx)
	defer cancel()
	client := f.subject.Environment.Maskinporten
	m, err := client.Metadata(ctx)
	if err != nil {
		failure := failureOf(err)
		found := failure.finding(StageMetadata).with("issuer", client.Issuer)
		if found.code == MetadataWrongIssuer || found.code == MetadataEndpointElsewhere {
			found = found.with("found", failure.answer.Description)
		}
		return found
	}
	f.metadata = m
	return passed().with("issuer", m.Issuer).with("endpoint", m.TokenEndpoint)
}

// compareClock measures our clock against the Date of the metadata. Date leaves
// out the parts of a second, and the answer was on its way for a while: of what
// the difference can be, the smallest is shown and judged.
func (f *flow) compareClock(context.Context) finding {
	m := f.metadata
	if m.Date.IsZero() {
		found := notApplicable()
		found.code = ClockUnmeasured
		return found
	}
	least := m.Asked.Sub(m.Date.Add(time.Second))
	most := m.Answered.Sub(m.Date)
	skew := max(least, min(most, 0))

	found := passed().
		with("skew", signed(skew)).
		with("tolerance", strconv.Itoa(int(tolerance/time.Second)))
	switch {
	case skew > tolerance:
		return found.but(ClockFast)
	case skew < -tolerance:
		return found.but(ClockSlow)
	}
	return found
}

// signed writes whole seconds with their sign, rounded up in size so that what
// is beyond the tolerance also looks so.
func signed(d time.Duration) string {
	n := int(math.Ceil(math.Abs(d.Seconds())))
	if d < 0 {
		n = -n
	}
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}
