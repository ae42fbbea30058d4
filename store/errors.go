package store

import "errors"

// What a caller may branch on. A value that a person typed is never quoted in
// an error: it may be a key that was pasted into the wrong field.
var (
	// ErrNotFound says that there is no such thing, or that it is somebody else's.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that the thing has been changed since it was read.
	ErrConflict = errors.New("changed by another since it was read")
	// ErrExists says that the key is on record already, with another kid.
	ErrExists = errors.New("on record already")
	// ErrPractice says that a practice organisation has the sandbox environment only.
	ErrPractice = errors.New("practice organisations exist in the sandbox only")
	// ErrDate says that a date lies too far back or in the future.
	ErrDate = errors.New("date out of range")

	// ErrFull says that the disk, or the size that was allowed, is used up.
	ErrFull = errors.New("database is full")
	// ErrBusy says that another process holds the database.
	ErrBusy = errors.New("database is locked")
	// ErrReadOnly says that the database cannot be written.
	ErrReadOnly = errors.New("database is read-only")
	// ErrNewer says that the database was written by a newer version of the program.
	ErrNewer = errors.New("database is newer than this program")
	// ErrOlder says that a database opened for reading lacks migrations.
	ErrOlder = errors.New("database is older than this program")
	// ErrChain says that the audit trail is not as it was written.
	ErrChain = errors.New("audit trail is broken")
)

// Why a parse function refused a value.
var (
	// ErrEmpty says that nothing was given.
	ErrEmpty = errors.New("empty")
	// ErrTooLong says that the value has more characters than allowed.
	ErrTooLong = errors.New("too long")
	// ErrTooMany says that a list has more items than allowed.
	ErrTooMany = errors.New("too many")
	// ErrSyntax says that the value has not the form that it must have.
	ErrSyntax = errors.New("not of the right form")
	// ErrCheckDigit says that the nine digits are no org number.
	ErrCheckDigit = errors.New("wrong check digit")
	// ErrControl says that the text has control characters, line breaks where
	// there can be none, or characters that turn the direction of writing.
	ErrControl = errors.New("control characters")
	// ErrUnknown says that the value is none of those that exist.
	ErrUnknown = errors.New("unknown")
	// ErrSecret says that the text looks like a private key, a grant or a token,
	// none of which is ever stored.
	ErrSecret = errors.New("looks like a private key or a token")
)
