package harness

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Field is one field line.
type Field struct{ Name, Value string }

// Head is a status line and the field lines under it, in the order received.
type Head struct {
	Proto  string // HTTP/1.1 or HTTP/2
	Status int
	Fields []Field
}

// Get returns the value of the first field line of this name.
func (h *Head) Get(name string) string {
	for _, field := range h.Fields {
		if field.Name == textproto.CanonicalMIMEHeaderKey(name) {
			return field.Value
		}
	}
	return ""
}

// Response is all that curl saw.
type Response struct {
	Head
	// Body is the body as received, content codings applied.
	Body []byte
	// Interim are the 1xx responses that came first.
	Interim []Head
	// Trailers came after the body.
	Trailers []Field
	// Exit is curl's exit code, 0 if the response was complete; Stderr is what
	// it said.
	Exit   int
	Stderr string
	// FirstByte and Total are times from the start of the request.
	FirstByte, Total time.Duration
}

// curlStreamError is curl's exit code for an HTTP/2 stream that was reset.
const curlStreamError = 92

// Curl asks for url with curl. A request with a body whose stream was reset
// before any answer is sent again, a few times: curl 7.88 now and then gives up
// on an answer that comes before it has sent the body, be it a plain Caddy's.
func Curl(t testing.TB, url string, args ...string) *Response {
	t.Helper()
	r := ask(t, url, args...)
	for try := 1; try < 8 && r.Exit == curlStreamError && r.Status == 0 && slices.Contains(args, "-d"); try++ {
		r = ask(t, url, args...)
	}
	return r
}

// ask runs curl once.
func ask(t testing.TB, url string, args ...string) *Response {
	t.Helper()
	curl := Need(t, "apt-get install curl", "curl")
	folder := t.TempDir()
	heads, body := filepath.Join(folder, "heads"), filepath.Join(folder, "body")
	cmd := exec.Command(curl, append([]string{
		"-sS", "--max-time", "60", "--noproxy", "*", "-D", heads, "-o", body,
		"-w", "%{time_starttransfer} %{time_total}", url,
	}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	r := &Response{Exit: cmd.ProcessState.ExitCode(), Stderr: stderr.String()}
	var first, total float64
	fmt.Sscan(string(out), &first, &total)
	r.FirstByte, r.Total = seconds(first), seconds(total)
	if !slices.Contains(args, "-I") { // then curl writes the head once more
		r.Body, _ = os.ReadFile(body)
	}
	raw, _ := os.ReadFile(heads)
	r.parse(t, string(raw))
	return r
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// parse reads what curl dumped: heads, each ended by an empty line, then trailers.
func (r *Response) parse(t testing.TB, dump string) {
	t.Helper()
	var heads []Head
	fields := &r.Trailers
	for line := range strings.SplitSeq(dump, "\r\n") {
		if line == "" {
			fields = &r.Trailers
			continue
		}
		if strings.HasPrefix(line, "HTTP/") {
			parts := strings.SplitN(line, " ", 3)
			status, err := strconv.Atoi(parts[1])
			if err != nil {
				t.Fatalf("status line %q: %v", line, err)
			}
			heads = append(heads, Head{Proto: parts[0], Status: status})
			fields = &heads[len(heads)-1].Fields
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("field line without a colon: %q", line)
		}
		*fields = append(*fields, Field{textproto.CanonicalMIMEHeaderKey(name), strings.TrimSpace(value)})
	}
	if len(heads) > 0 {
		r.Interim, r.Head = heads[:len(heads)-1], heads[len(heads)-1]
	}
}

var (
	uuidv7  = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	session = regexp.MustCompile(`JSESSIONID=[0-9A-F]{32}`)
)

// String writes the whole response for comparison: status, field lines sorted
// by name; if there is a body, an empty line and the body. A valid date, a valid
// error id, the right length and a session's id are written as <date>, <id>,
// <length> and <session>; Allow, which is a set, is sorted.
func (r *Response) String() string {
	fields := slices.Clone(r.Fields)
	slices.SortStableFunc(fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	var s strings.Builder
	fmt.Fprintf(&s, "%d", r.Status)
	for _, field := range fields {
		switch field.Name {
		case "Allow":
			methods := strings.FieldsFunc(field.Value, func(r rune) bool { return r == ',' || r == ' ' })
			slices.Sort(methods)
			field.Value = strings.Join(methods, ", ")
		case "Date":
			if _, err := http.ParseTime(field.Value); err == nil {
				field.Value = "<date>"
			}
		case "Content-Length":
			if field.Value == strconv.Itoa(len(r.Body)) {
				field.Value = "<length>"
			}
		case "Set-Cookie":
			field.Value = session.ReplaceAllString(field.Value, "JSESSIONID=<session>")
		case "X-Error-Id":
			if uuidv7.MatchString(field.Value) {
				field.Value = "<id>"
			}
		}
		fmt.Fprintf(&s, "\n%s: %s", field.Name, field.Value)
	}
	if len(r.Body) > 0 {
		fmt.Fprintf(&s, "\n\n%s", r.Body)
	}
	if r.Exit != 0 {
		fmt.Fprintf(&s, "\n(curl: exit code %d, %s)", r.Exit, strings.TrimSpace(r.Stderr))
	}
	return s.String()
}

// WantResponse compares the whole response with want, which is written as
// [Response.String] writes it.
func WantResponse(t testing.TB, got *Response, want string) {
	t.Helper()
	if got.String() != want {
		t.Errorf("the client got\n%s\n\nwant\n%s", got, want)
	}
}
