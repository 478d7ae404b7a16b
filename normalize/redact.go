package normalize

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/prose"
)

// Redacted stands for what was redacted.
const Redacted = "REDACTED"

// secretNames are names of JSON members, form fields, XML elements and
// attributes whose values are credentials, in lower case without separators.
var secretNames = newSet(`password passwd passwort pwd pass passphrase pin secret clientsecret token accesstoken refreshtoken idtoken sessiontoken
	authtoken bearertoken apikey xapikey apisecret accesskey accesskeyid secretkey secretaccesskey privatekey authorization proxyauthorization
	cookie setcookie sessionid jsessionid phpsessid sid session jwt assertion clientassertion samlresponse signature credential credentials
	creditcard cardnumber ccnumber pan cvv cvc cvv2 securitycode otp ssn xauthtoken csrftoken xsrftoken connectionstring dsn databaseurl dbpassword
	mysqlpwd pgpassword awssecretaccesskey awssessiontoken`)

func newSet(words string) map[string]struct{} {
	set := make(map[string]struct{})
	for word := range strings.FieldsSeq(words) {
		set[word] = struct{}{}
	}
	return set
}

// Redactor takes credentials out of text before it is logged. It is immutable
// and safe for concurrent use.
type Redactor struct {
	names    map[string]struct{} // all, in lower case without separators
	endings  [32]uint32          // the low bits of the last two bytes of names and schemes, which case does not change
	patterns []*regexp.Regexp
}

// NewRedactor returns a Redactor of the built-in credentials, of the values of
// the given names (case and separators do not count) and of what the patterns match.
func NewRedactor(names []string, patterns []*regexp.Regexp) *Redactor {
	r := &Redactor{names: make(map[string]struct{}, len(secretNames)+len(names)), patterns: patterns}
	for name := range secretNames {
		r.add(name)
	}
	for _, scheme := range [...]string{"basic", "bearer", "digest", "dpop"} {
		r.mark(scheme)
	}
	for _, name := range names {
		var buf [maxSecretName]byte
		r.add(string(squeeze(&buf, name)))
	}
	return r
}

func (r *Redactor) add(name string) {
	r.names[name] = struct{}{}
	r.mark(name)
}

// mark notes how a word ends that may matter.
func (r *Redactor) mark(word string) {
	if n := len(word); n >= 2 {
		r.endings[word[n-2]&31] |= 1 << (word[n-1] & 31)
	}
}

// mayMatter reports whether a word may be a scheme, a token or a name of a
// credential, by its length and its end: most words are none and need no look-up.
func (r *Redactor) mayMatter(word string) bool {
	n := len(word)
	return n == 1 || n >= minToken || r.endings[word[n-2]&31]>>(word[n-1]&31)&1 != 0
}

// Redact returns text with "REDACTED" for the values of credentials in JSON
// members, form fields, XML elements and `name: value` lines, for bearer and
// basic credentials, tokens, private keys, passwords in URLs and payment card
// numbers; and whether there was any. One pass, without a copy if there was
// none; the patterns take one each.
func (r *Redactor) Redact(text string) (string, bool) {
	s := redaction{Redactor: r, text: text}
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case byteClass[c] == wordByte:
			start := i
			for i++; i < len(text) && byteClass[text[i]] != otherByte; i++ {
			}
			if r.mayMatter(text[start:i]) {
				s.pos = i
				s.word(start)
				i = s.pos
			}
		case byteClass[c] == digitByte:
			s.pos = i
			s.number()
			i = s.pos
		case c == '-' && strings.HasPrefix(text[i:], "-----BEGIN "):
			s.pos = i
			s.privateKey()
			i = s.pos
		case c == ':' && strings.HasPrefix(text[i:], "://"):
			s.pos = i
			s.userinfo()
			i = s.pos
		default:
			i++
		}
	}
	text = s.result()
	changed := s.out.Len() > 0
	for _, pattern := range r.patterns {
		if clean := pattern.ReplaceAllLiteralString(text, Redacted); clean != text {
			text, changed = clean, true
		}
	}
	return text, changed
}

// redaction is one pass over a text.
type redaction struct {
	*Redactor
	text string
	pos  int // what is read up to
	done int // what is in out, or left out of it
	out  strings.Builder
}

// redact puts Redacted for text[from:to] and reads on from there.
func (s *redaction) redact(from, to int) {
	s.out.WriteString(s.text[s.done:from])
	s.out.WriteString(Redacted)
	s.done, s.pos = to, to
}

func (s *redaction) result() string {
	if s.out.Len() == 0 {
		return s.text
	}
	s.out.WriteString(s.text[s.done:])
	return s.out.String()
}

// The classes of bytes: what begins a word or a number, and what may go on in a
// name of a member, field or element.
const (
	otherByte = iota
	digitByte
	wordByte
	partByte
)

var byteClass = func() (class [256]uint8) {
	for i := range class {
		switch c := byte(i); {
		case isDigit(c):
			class[i] = digitByte
		case isLower(c), isUpper(c), c == '_', c >= 0x80:
			class[i] = wordByte
		case c == '-', c == '.':
			class[i] = partByte
		}
	}
	return class
}()

func isNamePart(c byte) bool { return byteClass[c] != otherByte }

func lower(c byte) byte {
	if isUpper(c) {
		return c + 'a' - 'A'
	}
	return c
}

// maxSecretName is the longest name that is looked up.
const maxSecretName = 48

// word reads the scheme, token or name that begins at start and ends at s.pos.
func (s *redaction) word(start int) {
	word := s.text[start:s.pos]
	switch {
	case isScheme(word):
		s.credentials()
	case looksLikeToken(word):
		end := s.pos
		for end < len(s.text) && (isNamePart(s.text[end]) || strings.IndexByte("=+/", s.text[end]) >= 0) {
			end++
		}
		s.redact(start, end)
	case len(word) > maxSecretName:
	case start > 0 && (s.text[start-1] == '<' || s.text[start-1] == ':') && s.isSecret(word): // perhaps with a namespace prefix
		s.element(s.pos)
	default:
		// See whether a value follows before the look-up.
		if i := s.valueAfter(s.pos); i >= 0 && s.isSecret(word) {
			s.value(i)
		}
	}
}

// isSecret reports whether a name's value is a credential. Of a dotted or
// prefixed name the last part counts too: "spring.datasource.password".
func (s *redaction) isSecret(word string) bool {
	var buf [maxSecretName]byte
	name := squeeze(&buf, word)
	if _, ok := s.names[string(name)]; ok {
		return true
	}
	if i := strings.LastIndexAny(word, ".-_"); i >= 0 {
		_, ok := s.names[string(squeeze(&buf, word[i+1:]))]
		return ok
	}
	return bytes.HasSuffix(name, []byte("password")) || bytes.HasSuffix(name, []byte("secret"))
}

// squeeze spells a name in lower case without separators, in buf.
func squeeze(buf *[maxSecretName]byte, name string) []byte {
	n := 0
	for i := 0; i < len(name) && n < len(buf); i++ {
		if c := name[i]; c != '_' && c != '-' && c != '.' {
			buf[n] = lower(c)
			n++
		}
	}
	return buf[:n]
}

// valueAfter returns where the value of a name that ends at i begins: behind the
// name's own quotes and `:`, `=` or `=>`; or -1.
func (s *redaction) valueAfter(i int) int {
	for i < len(s.text) && (s.text[i] == '"' || s.text[i] == '\'' || s.text[i] == '\\' || s.text[i] == ']') {
		i++
	}
	i = s.spaces(i)
	if i >= len(s.text) || s.text[i] != '=' && s.text[i] != ':' {
		return -1
	}
	i++
	if i < len(s.text) && s.text[i] == '>' {
		i++
	}
	return s.spaces(i)
}

// value redacts the quoted or bare value at i.
func (s *redaction) value(i int) {
	for strings.HasPrefix(s.text[i:], "\\") { // a quote inside a quoted string
		i++
	}
	if i >= len(s.text) {
		return
	}
	switch c := s.text[i]; c {
	case '"', '\'':
		end := i + 1
		for end < len(s.text) && s.text[end] != c {
			if s.text[end] == '\\' && end+1 < len(s.text) && s.text[end+1] != c {
				end++
			} else if s.text[end] == '\\' {
				if s.text[i-1] == '\\' { // the end of an escaped string
					break
				}
				end++
			}
			end++
		}
		s.redact(i+1, min(end, len(s.text)))
	case '{', '[':
		s.pos = i // its members speak for themselves
	default:
		end := i
		for end < len(s.text) && strings.IndexByte(",;&<>\"'\r\n)}]", s.text[end]) < 0 && (s.text[end] != ' ' || isScheme(s.text[i:end])) {
			end++
		}
		if end > i && !isLiteral(s.text[i:end]) {
			s.redact(i, end)
		}
	}
}

// maxStartTag is how far the end of a start tag is looked for.
const maxStartTag = 256

// element redacts the text of an element whose start tag goes on at i, or the
// value there if it is no element after all.
func (s *redaction) element(i int) {
	if value := s.valueAfter(i); value >= 0 {
		s.value(value)
		return
	}
	for end := min(len(s.text), i+maxStartTag); i < end && s.text[i] != '<'; i++ {
		if s.text[i] == '>' && s.text[i-1] != '/' {
			if end := strings.IndexByte(s.text[i:], '<'); end > 1 {
				s.redact(i+1, i+end)
			}
			return
		}
	}
}

// isScheme reports whether a word is an authentication scheme whose credentials
// follow behind a space: "Bearer abc".
func isScheme(word string) bool {
	switch len(word) {
	case len("DPoP"), len("Basic"), len("Bearer"):
		switch word[0] | 0x20 {
		case 'b':
			return strings.EqualFold(word, "Basic") || strings.EqualFold(word, "Bearer")
		case 'd':
			return strings.EqualFold(word, "DPoP") || strings.EqualFold(word, "Digest")
		}
	}
	return false
}

// isLiteral reports whether a bare value tells nothing.
func isLiteral(s string) bool { return s == "null" || s == "true" || s == "false" }

func (s *redaction) spaces(i int) int {
	for i < len(s.text) && (s.text[i] == ' ' || s.text[i] == '\t') {
		i++
	}
	return i
}

// credentials redacts what follows the name of an authentication scheme, if it
// may be credentials (RFC 9110 section 11.4) and not prose or a challenge.
func (s *redaction) credentials() {
	from := s.spaces(s.pos)
	if from == s.pos {
		return
	}
	end := from
	for end < len(s.text) && (isNamePart(s.text[end]) || strings.IndexByte("~+/=", s.text[end]) >= 0) {
		end++
	}
	if end-from >= 8 && strings.ContainsAny(s.text[from:end], "0123456789=+/.ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.Contains(s.text[from:end], `="`) {
		if end < len(s.text) && s.text[end] == '"' && s.text[end-1] == '=' {
			return // realm="…"
		}
		s.redact(from, end)
	}
}

// minToken is the length of the shortest token.
const minToken = 16

// tokenPrefixes begin the tokens and keys of well-known issuers.
var tokenPrefixes = [...]string{"eyJ", "AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "xoxb-", "xoxp-", "xoxa-", "sk_live_", "sk_test_", "rk_live_", "AIza", "glpat-", "npm_", "ya29."}

// looksLikeToken reports whether a word is a token by its looks.
func looksLikeToken(word string) bool {
	if len(word) < minToken {
		return false
	}
	for _, prefix := range tokenPrefixes {
		if strings.HasPrefix(word, prefix) {
			return prefix != "eyJ" || strings.Contains(word, ".") || len(word) > 40
		}
	}
	return false
}

// number redacts a payment card number, written in one or in groups.
func (s *redaction) number() {
	start := s.pos
	var buf [20]byte
	digits := buf[:0]
	end := start
	for i := start; i < len(s.text) && len(digits) < len(buf); i++ {
		c := s.text[i]
		if isDigit(c) {
			digits = append(digits, c-'0')
			end = i + 1
			continue
		}
		if (c != ' ' && c != '-') || i+1 >= len(s.text) || !isDigit(s.text[i+1]) {
			break
		}
	}
	s.pos = end
	for s.pos < len(s.text) && isNamePart(s.text[s.pos]) { // a number that is part of a word, or too long
		s.pos++
	}
	if s.pos == end && len(digits) >= 13 && len(digits) <= 19 && prose.CardNumber(digits) {
		s.redact(start, end)
	}
}

// privateKey redacts a PEM block (RFC 7468) of a private key.
func (s *redaction) privateKey() {
	rest := s.text[s.pos:]
	head, _, ok := strings.Cut(rest[len("-----BEGIN "):], "-----")
	if !ok || len(head) > 64 || !strings.Contains(head, "PRIVATE KEY") {
		s.pos += len("-----BEGIN ")
		return
	}
	end := len(s.text)
	if i := strings.Index(rest, "-----END "); i >= 0 {
		end = s.pos + i
	}
	s.redact(s.pos+len("-----BEGIN ")+len(head)+len("-----"), end)
}

// userinfo redacts the password in the authority of a URL (RFC 3986 section 3.2.1).
func (s *redaction) userinfo() {
	s.pos += len("://")
	colon := -1
	for i := s.pos; i < len(s.text) && i-s.pos < 256; i++ {
		switch s.text[i] {
		case ':':
			if colon < 0 {
				colon = i
			}
		case '@':
			if colon >= 0 && i > colon+1 {
				s.redact(colon+1, i)
			}
			return
		case '/', '?', '#', ' ', '"', '\'', '<', '>', '\n':
			return
		}
	}
}
