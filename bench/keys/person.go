package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"portvakt/bench/measure"
	"portvakt/bench/portal"
)

// person is somebody who is signed in, with a connection that stays open.
type person struct {
	server *portal.Server
	cookie *http.Cookie
}

func signIn(s *portal.Server) (person, error) {
	c, err := s.SignIn()
	return person{server: s, cookie: c}, err
}

// describe makes integrations and returns the addresses of their pages.
func (p person) describe(count int) ([]string, error) {
	addresses := make([]string, count)
	for n := range addresses {
		status, header, _, err := p.post("/integrations", url.Values{
			"name": {"Nøkkel " + strconv.Itoa(n)}, "environment": {"sandbox"}, "purpose": {"notifications"},
			"nonce": {"bench-" + strconv.Itoa(n)},
		})
		if err != nil {
			return nil, err
		}
		address, _, _ := strings.Cut(header.Get("Location"), "#")
		if status != http.StatusSeeOther || address == "" {
			return nil, fmt.Errorf("describing an integration: the answer is %d", status)
		}
		addresses[n] = address
	}
	return addresses, nil
}

// makeKey presses the button of step 2 and waits for the whole page.
func (p person) makeKey(address string, f *figures) error {
	form := url.Values{"bits": {"2048"}, "version": {"1"}, "nonce": {"key"}}
	before, err := measure.CPU(p.server.Pid())
	if err != nil {
		return err
	}
	start := time.Now()
	status, _, page, err := p.post(address+"/keys", form)
	took := time.Since(start)
	if err != nil {
		return err
	}
	after, err := measure.CPU(p.server.Pid())
	if err != nil {
		return err
	}
	if status != http.StatusOK || !bytes.Contains(page, []byte(`name="sealed"`)) {
		return fmt.Errorf("making a key: the answer is %d, and has no key", status)
	}
	f.clock, f.cpu = append(f.clock, took), append(f.cpu, after-before)
	return nil
}

func (p person) post(path string, form url.Values) (int, http.Header, []byte, error) {
	r, err := http.NewRequest(http.MethodPost, p.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "nb")
	r.AddCookie(p.cookie)
	answer, err := portal.NoRedirects.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header, page, err
}
