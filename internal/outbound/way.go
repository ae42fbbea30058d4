package outbound

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
)

// way notes how far a call has come on its way. Package net/http has no typed
// error for a proxy that was reached and does not open the way, and none at
// all that outlives the client's time limit.
type way struct {
	// proxy is true from the request to the proxy until its consent.
	proxy atomic.Bool
}

type wayKey struct{}

// noted gives the context with which a call must be made to be noted.
func (w *way) noted(ctx context.Context) context.Context { return context.WithValue(ctx, wayKey{}, w) }

// judge judges an error before there was an answer.
func (w *way) judge(err error) Kind {
	k := kindOfSending(err)
	if w.proxy.Load() && k != KindCancelled {
		return KindProxy
	}
	return k
}

// askingProxy is called before the proxy is asked. It adds no header.
func askingProxy(ctx context.Context, _ *url.URL, _ string) (http.Header, error) {
	if w, ok := ctx.Value(wayKey{}).(*way); ok {
		w.proxy.Store(true)
	}
	return nil, nil
}

// askedProxy is called with the proxy's answer. The transport's own error
// would be the words of the status line without its number.
func askedProxy(ctx context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy answered with status %d", answer.StatusCode)
	}
	if w, ok := ctx.Value(wayKey{}).(*way); ok {
		w.proxy.Store(false)
	}
	return nil
}
