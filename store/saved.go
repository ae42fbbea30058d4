package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// SavedHow is how it was shown that a private key is saved.
type SavedHow string

// The ways. A signature shows it; the other is a person's word.
const (
	SavedSignature      SavedHow = "signature"
	SavedResponsibility SavedHow = "responsibility"
)

// SetSaved notes that the private half of a key was shown to be saved, which also
// says that it is in somebody's hands: the key is not dropped, or no longer. A
// signature counts for more than a person's word, which changes nothing after it.
func (s *Store) SetSaved(ctx context.Context, a Actor, org OrgNumber, integration, id string, how SavedHow) error {
	err := s.change(ctx, org, integration, func(t *sql.Tx, i Integration) error {
		was, err := key(ctx, t, i.ID, `id = ?`, id)
		if err != nil {
			return err
		}
		is := was.named(s.now().Truncate(time.Second))
		if was.SavedHow != SavedSignature && was.SavedHow != how {
			is.Saved, is.SavedHow = s.now().Truncate(time.Second), how
		}
		if is == was {
			return nil
		}
		if err := updateKey(ctx, t, is); err != nil {
			return err
		}
		if is.SavedHow == was.SavedHow {
			return nil
		}
		return s.append(ctx, t, a, Event{
			Kind: KeySaved, Organisation: org, Integration: i.ID, Object: id, Changes: keyChanges(was, is),
			Detail: map[string]string{"thumbprint": is.Thumbprint},
		})
	})
	if err != nil {
		return fmt.Errorf("noting that key %q is saved: %w", id, err)
	}
	return nil
}
