package handlers_test

import (
	"strings"
	"testing"

	"portvakt/store"
)

func TestAdminPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	describe(t, s.member(t), "Saksystem")
	b := s.browser(t, "Ada Admin", store.RoleAdmin, "")

	for path, want := range map[string]string{"/admin/integrations": "Saksystem", "/admin/events": nb("event.integration.added")} {
		p := b.Get(t, path)
		if p.Status != 200 {
			t.Errorf("%s: got status %d\n%s", path, p.Status, s.log)
		}
		if got := p.Text("table"); !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q in it", path, got, want)
		}
	}
}
