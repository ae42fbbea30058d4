// Command reference is the page that the portal's list is measured against:
// the same 25 rows of the same database in the same table, from echo, SQLite and
// a template, and nothing else. It knows no sign-in, one language and no headers.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"sync"

	"github.com/labstack/echo/v4"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

func main() {
	database := flag.String("database", "", "the database file")
	organisation := flag.String("organisation", "", "whose integrations to show")
	with := flag.String("with", "templ", "templ or html/template")
	flag.Parse()
	if err := serve(*database, *organisation, *with); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(database, organisation, with string) error {
	db, rows, err := open(database)
	if err != nil {
		return err
	}
	defer db.Close()
	write := map[string]writer{"templ": withTempl, "html/template": withHTML}[with]
	if write == nil {
		return fmt.Errorf("there is no template %q", with)
	}
	s := site{rows: rows, organisation: organisation, write: write}
	e := echo.New()
	e.GET("/", s.list)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("Listening: http://%s/\n", l.Addr())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := http.Server{Handler: e}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// open prepares the query on as many connections as the portal reads with.
func open(path string) (*sql.DB, *sql.Stmt, error) {
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_query_only=1&_busy_timeout=5000"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	rows, err := db.Prepare(query)
	return db, rows, err
}

type site struct {
	rows         *sql.Stmt
	organisation string
	write        writer
}

// writer writes the page.
type writer func(ctx context.Context, w io.Writer, p page) error

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// list is GET /. It writes into a buffer first, as the portal does: that is
// quicker than without.
func (s site) list(c echo.Context) error {
	before, err := strconv.ParseInt(c.QueryParam("after"), 10, 64)
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	ctx := c.Request().Context()
	p, err := read(ctx, s.rows, s.organisation, before)
	if err != nil {
		return err
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := s.write(ctx, b, p); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(b.Len()))
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}
