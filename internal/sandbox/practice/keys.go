package practice

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// keyForm is the form for a key as it was filled in.
type keyForm struct {
	nonce, text string
	open        bool
	problems    views.PracticeProblems
}

func (p *Pages) keysShow(w http.ResponseWriter, r *http.Request) error {
	c, err := p.client(r)
	if err != nil {
		return err
	}
	return p.renderKeys(w, r, c, keyForm{nonce: newNonce(), open: len(c.Keys) == 0})
}

func readKey(r *http.Request) keyForm {
	text, problems := typed(r, sandbox.FieldKey)
	nonce, _ := typed(r, "nonce")
	return keyForm{nonce: nonce, text: text, open: true, problems: problems}
}

func (p *Pages) keyDraft(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	p.keepLanguage(w, r)
	f := readKey(r)
	f.open = f.text != "" || len(f.problems) > 0 || len(c.Keys) == 0
	return p.renderKeys(w, r, c, f)
}

func (p *Pages) keyAdd(w http.ResponseWriter, r *http.Request) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	f := readKey(r)
	if len(f.problems) > 0 {
		return p.renderKeys(w, r, c, f)
	}
	to, err := p.once.do(f.nonce, func() (string, error) {
		if _, err := p.sandbox.AddKeys(c.ID, f.text); err != nil {
			return "", err
		}
		deed := "key"
		if strings.HasPrefix(strings.TrimSpace(f.text), "-----BEGIN") {
			deed = "key-pem"
		}
		return views.PracticeTabPath(c.Organisation, c.ID, "keys") + "?done=" + deed, nil
	}, c.ID, f.text)
	if err != nil {
		if f.problems, err = refused(err); err != nil {
			return err
		}
		// The sandbox may recognise more than typed does.
		if about(f.problems, sandbox.FieldKey) && f.problems[0].Code == sandbox.CodeKeyPrivate {
			f.text = ""
		}
		return p.renderKeys(w, r, c, f)
	}
	seeOther(w, to)
	return nil
}

func (p *Pages) keyRemove(w http.ResponseWriter, r *http.Request) error {
	return p.keyChange(w, r, p.sandbox.RemoveKey, "removed")
}

// keyExpire ends a key's life now, which the real site cannot: to see what happens in a year.
func (p *Pages) keyExpire(w http.ResponseWriter, r *http.Request) error {
	return p.keyChange(w, r, p.sandbox.ExpireKey, "expired")
}

func (p *Pages) keyChange(w http.ResponseWriter, r *http.Request, change func(client, kid string) error, deed string) error {
	c, err := p.posted(r)
	if err != nil {
		return err
	}
	problems, err := refused(change(c.ID, r.PostForm.Get("kid")))
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return p.renderKeys(w, r, c, keyForm{nonce: newNonce(), problems: problems})
	}
	seeOther(w, views.PracticeTabPath(c.Organisation, c.ID, "keys")+"?done="+deed)
	return nil
}

func (p *Pages) renderKeys(w http.ResponseWriter, r *http.Request, c registered, f keyForm) error {
	t := p.text(r)
	shownPage := p.clientPage(t, r, c, "keys")
	if c.Active {
		shownPage = typing(shownPage, views.PracticeTabPath(c.Organisation, c.ID, "keys/draft"))
	}
	return render(w, r, status(f.problems), views.PracticeKeys(views.PracticeKeysPage{
		Page: shownPage, Client: head(r, c, "keys"), Keys: keysOf(t, c.Client, p.sandbox.Now()), Nonce: shown(f.nonce),
		Typed: shown(f.text), Open: f.open, Problems: f.problems,
	}))
}

// keysOf lists the newest first: it is the one that the reader came for.
func keysOf(t views.Text, c sandbox.Client, now time.Time) []views.PracticeKey {
	keys := make([]views.PracticeKey, 0, len(c.Keys))
	for i := len(c.Keys) - 1; i >= 0; i-- {
		k := c.Keys[i]
		keys = append(keys, views.PracticeKey{
			ID: "kid-" + strconv.Itoa(i+1), Kid: k.Kid(), Alg: k.Public.Alg(), Bits: k.Public.Bits(),
			Posted: t.Moment(k.Posted), Expires: t.Moment(k.Expires), Expired: !k.Expires.After(now),
		})
	}
	return keys
}
