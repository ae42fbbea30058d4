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
// in the history of the integration at which it was pasted (empty for none). The
// remarks say whose key it is.
func (h *Handlers) notePrivate(c echo.Context, integration, pasted string) []views.Remark {
	// The refusal must reach the reader even when the note cannot be written.
	ctx, cancel := context.WithTimeout(c.Request().Context(), 5*time.Second)
	defer cancel()
	detail, told := map[string]string{}, false
	var names []string
	for _, key := range jwk.Recognise([]byte(pasted)).Keys {
		detail["thumbprint"] = key.Thumbprint()
		leaks, err := h.Store.MarkLeaked(ctx, actorOf(c), orgOf(c), key.Thumbprint())
		if err != nil {
			h.Log.Error("marking a pasted private key as leaked", "cause", err)
		}
		for _, l := range leaks {
			names = append(names, string(l.Name))
			told = told || integration == "" || l.Integration == integration
		}
	}
	if !told {
		err := h.Store.Record(ctx, actorOf(c), store.Note{
			Kind: store.KeyPrivate, Outcome: store.Refused, Integration: integration, Detail: detail,
		})
		if err != nil {
			h.Log.Error("noting a pasted private key", "cause", err)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []views.Remark{{Code: "leaked", Value: strings.Join(names, ", ")}}
}
