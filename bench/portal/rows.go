package portal

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"portvakt/store"
)

// fillQuery makes integrations of one organisation as they look after some time
// in use: in all states, some keys about to expire, some never posted, some
// proofs failed. The newest one has the highest number.
const fillQuery = `
	WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
	INSERT INTO integrations (id, organisation, name, description, purpose, environment, wanted, recorded, version,
		created, nonce, state, key_expires, key_unknown, proof_started, proof_outcome, derived_until)
	SELECT printf('%026d', n), ?2, 'Varsling til innbyggere nr. ' || n, printf('%.200c', 'x'),
		'notifications', 'sandbox', 'altinn:serviceowner/notifications.create', '', 1, ?3, n,
		CASE n % 8 WHEN 0 THEN 'described' WHEN 1 THEN 'key-made' WHEN 2 THEN 'registered' WHEN 3 THEN 'recorded'
			WHEN 4 THEN 'in-use' ELSE 'proved' END,
		CASE WHEN n % 8 IN (0, 1) THEN NULL WHEN n % 10 = 9 THEN ?3 + 30 * 86400 ELSE ?3 + 300 * 86400 END,
		n % 8 = 1,
		CASE WHEN n % 8 > 3 THEN ?3 - 86400 * (n % 40) WHEN n % 8 = 3 THEN ?3 END,
		CASE WHEN n % 8 > 3 THEN 'passed' WHEN n % 8 = 3 THEN 'failed' END,
		CASE WHEN n % 8 IN (0, 1) THEN NULL ELSE ?3 + 30 * 86400 END
	FROM n`

// Fill makes a data folder that has the number of integrations, all of the
// organisation that the local user represents. It returns the database file and
// that organisation's number.
func Fill(ctx context.Context, program, data string, integrations int) (path, organisation string, err error) {
	// The program itself makes the database, the organisations and the user.
	s, err := Portal(program, data)
	if err != nil {
		return "", "", err
	}
	if err := s.Stop(); err != nil {
		return "", "", fmt.Errorf("stopping the portal: %w", err)
	}
	path = filepath.Join(data, "portvakt.db")
	u := url.URL{Scheme: "file", Path: path, RawQuery: "_busy_timeout=5000&_foreign_keys=1"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return "", "", fmt.Errorf("opening %q: %w", path, err)
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, `SELECT organisation FROM members ORDER BY seq LIMIT 1`).Scan(&organisation); err != nil {
		return "", "", fmt.Errorf("reading the organisation: %w", err)
	}
	if _, err := db.ExecContext(ctx, fillQuery, integrations, organisation, time.Now().Unix()); err != nil {
		return "", "", fmt.Errorf("writing %d integrations: %w", integrations, err)
	}
	return path, organisation, check(ctx, path, organisation)
}

// check reads the first page as the program does, so that a schema that has
// changed is found here and not in the figures.
func check(ctx context.Context, path, organisation string) error {
	s, err := store.Open(ctx, store.Config{Path: path, Now: time.Now, Random: rand.Reader, ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	rows, next, err := s.IntegrationsOf(ctx, store.OrgNumber(organisation), store.Page{})
	if err != nil {
		return err
	}
	if len(rows) != 25 || next == "" {
		return fmt.Errorf("the first page has %d rows and goes on at %q", len(rows), next)
	}
	return nil
}
