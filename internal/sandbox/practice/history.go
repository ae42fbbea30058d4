package practice

import (
	"net/http"
	"slices"
	"strings"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

func (p *Pages) historyShow(w http.ResponseWriter, r *http.Request) error {
	c, err := p.client(r)
	if err != nil {
		return err
	}
	t := p.text(r)
	shown := views.PracticeHistoryPage{Page: p.clientPage(t, r, c, "history"), Client: head(r, c, "history")}
	for _, e := range slices.Backward(c.History) {
		shown.Events = append(shown.Events, eventOf(t, e))
	}
	return render(w, r, http.StatusOK, views.PracticeHistory(shown))
}

func eventOf(t views.Text, e sandbox.Event) views.PracticeEvent {
	details := strings.Fields(e.Detail)
	if e.What == sandbox.EventLifetimeSet {
		details = []string{t.F("practice.seconds", "Seconds", e.Detail)}
	}
	return views.PracticeEvent{When: t.Moment(e.Time), Stamp: views.Stamp(e.Time), What: e.What, Details: details}
}
