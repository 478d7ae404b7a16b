package harness

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Entry is one line of Caddy's log.
type Entry map[string]any

// Get returns what is at a dotted path; numbers index arrays. It is nil if
// there is nothing.
func (e Entry) Get(path string) any {
	var value any = map[string]any(e)
	for step := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// Text is Get for strings; it is empty for anything else.
func (e Entry) Text(path string) string {
	text, _ := e.Get(path).(string)
	return text
}

// Entries returns the log's entries so far that keep holds for.
func (c *Caddy) Entries(t testing.TB, keep func(Entry) bool) []Entry {
	t.Helper()
	var entries []Entry
	output := c.Output()
	output = output[:strings.LastIndexByte(output, '\n')+1] // the last line may be half written
	for line := range strings.Lines(output) {
		var entry Entry
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("log line %q: %v", line, err)
		}
		if keep(entry) {
			entries = append(entries, entry)
		}
	}
	return entries
}

// Record returns the one record of the failure that the client got as r.
func (c *Caddy) Record(t testing.TB, r *Response) Entry {
	t.Helper()
	id := r.Get("X-Error-Id")
	if id == "" {
		t.Fatalf("the response has no error id:\n%s", r)
	}
	records := c.wait(t, func(e Entry) bool {
		return e.Text("logger") == "http.handlers.normalize_errors" && e.Text("error_id") == id
	})
	if len(records) != 1 {
		t.Fatalf("%d records with error id %s, want 1; the log:\n%s", len(records), id, c.Output())
	}
	return records[0]
}

// Access returns the access log's entry of the request for uri.
func (c *Caddy) Access(t testing.TB, uri string) Entry {
	t.Helper()
	entries := c.wait(t, func(e Entry) bool {
		return strings.HasPrefix(e.Text("logger"), "http.log.access") && e.Text("request.uri") == uri
	})
	if len(entries) != 1 {
		t.Fatalf("%d access log entries for %s, want 1", len(entries), uri)
	}
	return entries[0]
}

// wait is Entries once there is at least one; entries are written after the
// client has its answer.
func (c *Caddy) wait(t testing.TB, keep func(Entry) bool) []Entry {
	t.Helper()
	var entries []Entry
	_ = Eventually(10*time.Second, func() bool {
		entries = c.Entries(t, keep)
		return len(entries) > 0
	})
	return entries
}
