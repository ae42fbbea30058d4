package handlers

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"portvakt/jwk"
	"portvakt/store"
	"portvakt/views"
)

// notePrivate notes a private key in a public field by its thumbprint: on the
// keys of the organisation that have it, which count as leaked from then on, and
// in the history of the integration at which it was pasted (empty for none), once
// an hour for the same person and key. The remarks say whose key it is.
func (h *Handlers) notePrivate(c echo.Context, integration, pasted string) []views.Remark {
	// The refusal must reach the reader even when the note cannot be written.
	ctx, cancel := context.WithTimeout(c.Request().Context(), 5*time.Second)
	defer cancel()
	keys := jwk.Recognise([]byte(pasted)).Keys
	var names []string
	for _, key := range keys {
		leaks, err := h.Store.MarkLeaked(ctx, actorOf(c), orgOf(c), key.Thumbprint())
		if err != nil {
			h.Log.Error("marking a pasted private key as leaked", "cause", err)
		}
		told := false
		for _, l := range leaks {
			names = append(names, string(l.Name))
			told = told || l.New && (integration == "" || l.Integration == integration)
		}
		if !told {
			h.noteSeen(ctx, c, integration, key.Thumbprint())
		}
	}
	if len(keys) == 0 {
		h.noteSeen(ctx, c, integration, "")
	}
	if len(names) == 0 {
		return nil
	}
	return []views.Remark{{Code: "leaked", Value: strings.Join(names, ", ")}}
}

// noteSeen notes that a private key was pasted, at most once an hour for the same
// person, place and key. The thumbprint is empty for what is too broken for one.
func (h *Handlers) noteSeen(ctx context.Context, c echo.Context, integration, thumbprint string) {
	n := store.Note{
		Kind: store.KeyPrivate, Outcome: store.Refused, Integration: integration, Object: thumbprint, Hourly: true,
		Detail: map[string]string{},
	}
	if thumbprint != "" {
		n.Detail["thumbprint"] = thumbprint
	}
	if err := h.Store.Record(ctx, actorOf(c), n); err != nil {
		h.Log.Error("noting a pasted private key", "cause", err)
	}
}
