// Package crs asks for a second opinion on what reaches clients: the response
// rules of the OWASP Core Rule Set (950 to 956: data leakages of SQL, Java,
// PHP, IIS and Ruby, and web shells), run by Coraza over the envelopes.
package crs

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// directives turn on the response rules at the default paranoia level.
const directives = `
SecRuleEngine DetectionOnly
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType application/json text/html text/plain
SecResponseBodyLimit 1048576
SecAuditEngine Off
Include @crs-setup.conf.example
Include @owasp_crs/REQUEST-901-INITIALIZATION.conf
Include @owasp_crs/RESPONSE-950-DATA-LEAKAGES.conf
Include @owasp_crs/RESPONSE-951-DATA-LEAKAGES-SQL.conf
Include @owasp_crs/RESPONSE-952-DATA-LEAKAGES-JAVA.conf
Include @owasp_crs/RESPONSE-953-DATA-LEAKAGES-PHP.conf
Include @owasp_crs/RESPONSE-954-DATA-LEAKAGES-IIS.conf
Include @owasp_crs/RESPONSE-955-WEB-SHELLS.conf
Include @owasp_crs/RESPONSE-956-DATA-LEAKAGES-RUBY.conf
`

func newWAF(t *testing.T) coraza.WAF {
	t.Helper()
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(directives))
	if err != nil {
		t.Fatal(err)
	}
	return waf
}

// alarms returns what the rules say of a JSON response: the identifiers and
// messages of those of the 950s that matched and mean an alarm.
func alarms(t *testing.T, waf coraza.WAF, status int, body []byte) (found []string) {
	t.Helper()
	tx := waf.NewTransaction()
	defer tx.Close()
	tx.ProcessConnection("192.0.2.1", 40000, "192.0.2.2", 80)
	tx.ProcessURI("/", http.MethodGet, "HTTP/1.1")
	tx.AddRequestHeader("Host", "api.example.com")
	tx.ProcessRequestHeaders()
	if _, err := tx.ProcessRequestBody(); err != nil {
		t.Fatal(err)
	}
	tx.AddResponseHeader("Content-Type", "application/json")
	tx.ProcessResponseHeaders(status, "HTTP/1.1")
	if !tx.IsResponseBodyProcessable() {
		t.Fatal("the rules do not look at the response's body")
	}
	if _, _, err := tx.WriteResponseBody(body); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ProcessResponseBody(); err != nil {
		t.Fatal(err)
	}
	for _, match := range tx.MatchedRules() {
		if rule := match.Rule(); rule.ID() >= 950000 && rule.ID() < 957000 && match.Message() != "" {
			found = append(found, fmt.Sprintf("%d %s (%s)", rule.ID(), match.Message(), match.Data()))
		}
	}
	return found
}

func message(text string) []byte {
	body, err := json.Marshal(map[string]string{"message": text})
	if err != nil {
		panic(err)
	}
	return body
}

// The rules that keep silent below do speak where something leaks.
func TestRulesRaiseAlarms(t *testing.T) {
	waf := newWAF(t)
	for _, text := range []string{
		"ORA-00942: table or view does not exist",
		"You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version",
		"java.lang.NullPointerException",
		"Uncaught Error: Call to undefined function total()",
		"c:/inetpub/wwwroot/shop",
		"ActionView::Template::Error",
	} {
		if found := alarms(t, waf, http.StatusBadRequest, message(text)); len(found) == 0 {
			t.Errorf("no alarm over %s", text)
		}
	}
}

// Whatever a recorded upstream said, its envelope raises no alarm.
func TestEnvelopesOfRecordedFailuresRaiseNoAlarm(t *testing.T) {
	waf := newWAF(t)
	files, err := filepath.Glob("../../normalize/testdata/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, file := range files {
		if folder := filepath.Base(filepath.Dir(file)); folder == "leaks" || folder == "benign" {
			continue
		}
		request, response := load(t, file)
		if v := decide(t, request, response); !v.Pass {
			cases++
			check(t, waf, file, &v)
		}
	}
	if cases < 100 {
		t.Errorf("only %d recorded failures", cases)
	}
}

// Messages that leak raise no alarm once they are envelopes, and neither do
// those that do not leak, which are kept.
func TestEnvelopesOfListedMessagesRaiseNoAlarm(t *testing.T) {
	waf := newWAF(t)
	files, err := filepath.Glob("../../normalize/testdata/[lb]e*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	kept, replaced := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if line == "" || strings.HasPrefix(line, "# ") {
				continue
			}
			v := decide(t, normalize.Request{Path: "/"}, normalize.Response{
				Status: http.StatusBadRequest,
				Header: http.Header{"Content-Type": {"application/json"}},
				Body:   message(line),
			})
			if strings.Contains(v.Description, strings.TrimSpace(line)) {
				kept++
			} else {
				replaced++
			}
			check(t, waf, line, &v)
		}
	}
	if kept < 150 || replaced < 150 {
		t.Errorf("%d messages kept, %d replaced: too few to tell", kept, replaced)
	}
}

func decide(t *testing.T, request normalize.Request, response normalize.Response) normalize.Verdict {
	t.Helper()
	n, err := normalize.New(normalize.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return n.Decide(&request, &response)
}

// ordinary are phrases that rule 953100 holds for messages of PHP, and that any
// validation of any API uses.
var ordinary = []string{
	"must be a valid", "must be between ", "must be greater than ", "(inclusive)", "Unexpected character", "parse error:",
}

// check fails for every alarm over an envelope, but for those over ordinary
// phrases: the rest of the description has to pass without them.
func check(t *testing.T, waf coraza.WAF, what string, v *normalize.Verdict) {
	t.Helper()
	envelope := func(description string) []byte { return normalize.AppendEnvelope(nil, v.Code, description) }
	found := alarms(t, waf, v.Status, envelope(v.Description))
	if len(found) > 0 {
		rest := v.Description
		for _, phrase := range ordinary {
			rest = strings.ReplaceAll(rest, phrase, "")
		}
		found = alarms(t, waf, v.Status, envelope(rest))
	}
	for _, alarm := range found {
		t.Errorf("%s: %q: %s", what, v.Description, alarm)
	}
}

// Each of the ordinary phrases is needed: the rules do take it for a leak.
func TestRulesMistakeOrdinaryPhrases(t *testing.T) {
	waf := newWAF(t)
	for _, phrase := range ordinary {
		text := phrase + "1 and 65535" // what follows belongs to some of them
		if strings.HasSuffix(phrase, "than ") {
			text = phrase + "or equal to 0"
		}
		found := alarms(t, waf, http.StatusBadRequest, message(text))
		if len(found) != 1 || !strings.HasPrefix(found[0], "953100 ") {
			t.Errorf("%q: %q", text, found)
		}
	}
}

// load reads the request and the response of a recorded case, which stand
// between lines "-- request --", "-- response --" and "-- want --".
func load(t *testing.T, file string) (normalize.Request, normalize.Response) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ = bytes.Cut(append([]byte("\n"), text...), []byte("\n-- want --"))
	before, after, ok := bytes.Cut(text, []byte("\n-- response --\n"))
	if !ok {
		t.Fatalf("%s has no response", file)
	}
	request := normalize.Request{Method: http.MethodGet, Host: "api.example.com", Path: "/"}
	if _, lines, ok := bytes.Cut(before, []byte("\n-- request --\n")); ok {
		line, header, _ := head(t, lines)
		fields := strings.Fields(line)
		if len(fields) < 2 {
			t.Fatalf("%s: request line %q", file, line)
		}
		target, err := url.ParseRequestURI(fields[1])
		if err != nil {
			t.Fatal(err)
		}
		request.Method, request.Path, request.RawQuery = fields[0], target.Path, target.RawQuery
		request.Header, request.Authorization = header, header["Authorization"]
	}
	line, header, body := head(t, after)
	fields := strings.SplitN(line, " ", 3)
	if len(fields) < 2 {
		t.Fatalf("%s: status line %q", file, line)
	}
	status, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return request, normalize.Response{Status: status, Header: header, Body: body}
}

// head cuts the first line and the header from a message.
func head(t *testing.T, message []byte) (line string, header http.Header, body []byte) {
	t.Helper()
	top, body, _ := bytes.Cut(message, []byte("\n\n"))
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(bytes.TrimRight(top, "\n"), "\n\n"...))))
	line, err := reader.ReadLine()
	if err != nil {
		t.Fatal(err)
	}
	fields, err := reader.ReadMIMEHeader()
	if err != nil {
		t.Fatal(err)
	}
	return line, http.Header(fields), body
}
