package normalize

import "github.com/normalize-errors/caddy-normalize-errors/normalize/internal/prose"

// Leak returns the kind of the first thing in text that a client must not see,
// such as "stack frame", "exception", "sql", "path", "host", "address", "dsn",
// "token", "email", "card number", "banner" or "markup"; it returns "" if it
// finds none. It is meant for a message of at most a few hundred characters,
// never for a body: a text over 4 KiB counts as a leak ("length").
//
// The text is read as it stands and again with JSON escapes, percent-encoding
// and HTML entities undone, compatibility forms (full-width ASCII) folded and
// invisible characters removed, since the client may do the same.
//
// The guard prefers a false alarm to a miss: an alarm costs only the message.
func Leak(text string) string { return prose.Leak(text) }
