package handlers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// challengeLife is how long a challenge may be answered: as long as a page that
// waits for its reader.
const challengeLife = 30 * time.Minute

// keySaved is POST /integrations/:id/saved: the reader shows that the private key is
// saved, by a signature with it, or takes the responsibility.
func (h *Handlers) keySaved(c echo.Context) error {
	j, err := h.openJourney(c)
	if err != nil {
		return err
	}
	key := j.current()
	if key == nil {
		j.problems["signature"] = "saved.no-key"
	}
	if len(j.problems) > 0 {
		return h.answer(c, j, "key")
	}

	how := store.SavedSignature
	if c.FormValue("responsible") == "yes" {
		how = store.SavedResponsibility
	} else if code := h.checkSaved(c, j, *key); code != "" {
		j.problems["signature"] = code
		return h.answer(c, j, "key")
	}
	if err := h.Store.SetSaved(c.Request().Context(), actorOf(c), orgOf(c), j.integration.ID, key.ID, how); err != nil {
		return err
	}
	j.notice, j.form.signature = "journey.key.saved", ""
	return h.answer(c, j, "register")
}

func (h *Handlers) saveStep(c echo.Context, t views.Text, j *journey, key store.Key) views.SaveStep {
	challenge := h.challenge(h.challengeFor(c, j, key))
	s := views.SaveStep{
		Challenge: challenge, Text: jwk.SavedText(challenge), Signature: j.form.signature, How: string(key.SavedHow),
	}
	if !key.Saved.IsZero() {
		s.Day = t.Date(key.Saved)
	}
	return s
}

// checkSaved is the code of what is wrong with the signature; empty when it is good.
func (h *Handlers) checkSaved(c echo.Context, j *journey, key store.Key) string {
	challenge, signature := c.FormValue("challenge"), j.form.signature
	if signature == "" {
		return "saved.empty"
	}
	if !h.challenged(challenge, h.challengeFor(c, j, key)) {
		return "saved.late"
	}
	public, err := jwk.ParsePublic([]byte(key.PublicJWK))
	if err != nil || jwk.VerifySaved(public, challenge, signature) != nil {
		return "saved.wrong"
	}
	return ""
}

// challengeFor is what a challenge is bound to: this sign-in, integration and key.
func (h *Handlers) challengeFor(c echo.Context, j *journey, key store.Key) string {
	return strings.Join([]string{userOf(c).SignIn.ID, j.integration.ID, key.Thumbprint}, " ")
}

// challenge makes a text to be signed, which tells when it was made and for what.
// Nothing is remembered: the process's own key vouches for it.
func (h *Handlers) challenge(bound string) string {
	at := binary.BigEndian.AppendUint64(nil, uint64(h.Now().Unix()))
	return base64.RawURLEncoding.EncodeToString(append(at, h.vouch(at, bound)...))
}

// challenged reports whether a challenge was made here for this, and lately.
func (h *Handlers) challenged(challenge, bound string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(challenge)
	if err != nil || len(raw) != 8+16 {
		return false
	}
	age := h.Now().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw)), 0))
	return hmac.Equal(raw[8:], h.vouch(raw[:8], bound)) && age >= 0 && age <= challengeLife
}

func (h *Handlers) vouch(at []byte, bound string) []byte {
	mac := hmac.New(sha256.New, h.challengeKey)
	mac.Write(at)
	mac.Write([]byte(bound))
	return mac.Sum(nil)[:16]
}
