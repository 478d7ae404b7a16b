package normalize

import "strings"

// Bounds on what [ParseChallenges] reads; what lies beyond is invalid.
const (
	maxChallengeBytes = 8 << 10
	maxChallenges     = 32
	maxAuthParams     = 32
)

// Challenge is one challenge of a WWW-Authenticate field (RFC 9110 section
// 11.3): a scheme with a token68, or with parameters, or with nothing.
type Challenge struct {
	// Scheme is the authentication scheme as sent; its case does not count.
	Scheme string
	// Token68 is the data of a scheme that names no parameters, such as the
	// messages of NTLM.
	Token68 string
	// Params are the parameters in the order sent. Their names are unique,
	// whatever their case.
	Params []AuthParam
}

// AuthParam is one parameter of a challenge (RFC 9110 section 11.2).
type AuthParam struct {
	// Name is the name as sent; its case does not count.
	Name string
	// Value is the value, without the quotes and backslashes of a quoted-string.
	Value string
	// Unquoted says that the value is sent as a token. Recipients must read both
	// forms alike, yet some parameters are only ever sent this way (the stale and
	// algorithm of RFC 7616 section 3.3).
	Unquoted bool
}

// ows is the optional white space of RFC 9110 section 5.6.3.
const ows = " \t"

// ParseChallenges reads the field lines of a WWW-Authenticate field. What does
// not parse, or names a parameter twice, is returned as invalid; the reading
// resumes where the next challenge begins. At most 32 challenges of at most 32
// parameters in at most 8 KiB are read.
func ParseChallenges(lines []string) (challenges []Challenge, invalid []string) {
	// Grammar (RFC 9110 sections 5.6.1, 11.2, 11.3 and 11.6.1):
	//	WWW-Authenticate = #challenge
	//	challenge        = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
	//	auth-scheme      = token
	//	#element         = [ element ] *( OWS "," OWS [ element ] )
	// Commas part the challenges as well as their parameters, so that a member
	// of the list either begins a challenge or is one more parameter of the
	// challenge before it, even if that stands on the line before (section 5.3).
	var p challengeParser
	size := 0
	for _, line := range lines {
		if size += len(line); size > maxChallengeBytes {
			p.end()
			p.invalid = append(p.invalid, line[:min(len(line), 64)])
			break
		}
		for rest := line; rest != ""; {
			var member string
			if member, rest = cutMember(rest); member != "" {
				p.add(member)
			}
		}
	}
	p.end()
	return p.challenges, p.invalid
}

// challengeParser collects the list members of a field into challenges.
type challengeParser struct {
	challenges []Challenge
	invalid    []string

	current Challenge
	members []string // of the current challenge, as sent
	broken  bool     // the current challenge is invalid
}

// add takes one non-empty member of the list.
func (p *challengeParser) add(member string) {
	scheme, rest := cutToken(member)
	data := strings.TrimLeft(rest, ows)
	begins := scheme != "" && (rest == "" || len(data) < len(rest)) && !strings.HasPrefix(data, "=")
	if begins {
		p.end()
		p.current.Scheme = scheme
	}
	p.members = append(p.members, member)
	switch {
	case begins && data == "":
	case begins && isToken68(data):
		p.current.Token68 = data
	default:
		if !begins {
			data = member
		}
		param, ok := parseAuthParam(data)
		if !ok || p.current.Scheme == "" || p.current.Token68 != "" ||
			p.current.find(param.Name) >= 0 || len(p.current.Params) == maxAuthParams {
			p.broken = true
			return
		}
		p.current.Params = append(p.current.Params, param)
	}
}

// end closes the current challenge, if there is one.
func (p *challengeParser) end() {
	switch {
	case len(p.members) == 0:
		return
	case !p.broken && len(p.challenges) < maxChallenges:
		p.challenges = append(p.challenges, p.current)
	case len(p.invalid) < maxChallenges:
		p.invalid = append(p.invalid, strings.Join(p.members, ", "))
	}
	*p = challengeParser{challenges: p.challenges, invalid: p.invalid}
}

// cutMember returns the first member of the list s, without the white space
// around it, and what follows its comma. A comma within a quoted-string does
// not count; a quote opens one only behind "=", so that a stray quote does not
// swallow the challenges after it.
func cutMember(s string) (member, rest string) {
	quoted, afterEquals := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted:
			if c == '\\' {
				i++
			}
			quoted = c != '"'
		case c == '"' && afterEquals:
			quoted, afterEquals = true, false
		case c == ',':
			return strings.Trim(s[:i], ows), s[i+1:]
		case c != ' ' && c != '\t':
			afterEquals = c == '='
		}
	}
	return strings.Trim(s, ows), ""
}

// parseAuthParam reads all of s as one parameter.
func parseAuthParam(s string) (p AuthParam, ok bool) {
	// Grammar (RFC 9110 section 11.2):
	//	auth-param = token BWS "=" BWS ( token / quoted-string )
	p.Name, s = cutToken(s)
	value, ok := strings.CutPrefix(strings.TrimLeft(s, ows), "=")
	if !ok || p.Name == "" {
		return AuthParam{}, false
	}
	value = strings.TrimLeft(value, ows)
	if strings.HasPrefix(value, `"`) {
		p.Value, ok = unquote(value)
		return p, ok
	}
	p.Value, s = cutToken(value)
	p.Unquoted = true
	return p, p.Value != "" && s == ""
}

// unquote reads all of s as one quoted-string.
func unquote(s string) (value string, ok bool) {
	// Grammar (RFC 9110 section 5.6.4):
	//	quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
	//	qdtext        = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
	//	quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"':
			return b.String(), i == len(s)-1
		case c == '\\' && i+1 < len(s):
			i++
			c = s[i]
		}
		if c < ' ' && c != '\t' || c == 0x7f {
			return "", false
		}
		b.WriteByte(c)
	}
	return "", false
}

// cutToken returns the token that s begins with, or nothing, and the rest.
func cutToken(s string) (token, rest string) {
	// Grammar (RFC 9110 section 5.6.2):
	//	token = 1*tchar
	//	tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." /
	//	        "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// find returns the index of the named parameter, or -1.
func (c *Challenge) find(name string) int {
	for i := range c.Params {
		if strings.EqualFold(c.Params[i].Name, name) {
			return i
		}
	}
	return -1
}

// get returns the value of the named parameter, or "".
func (c *Challenge) get(name string) string {
	if i := c.find(name); i >= 0 {
		return c.Params[i].Value
	}
	return ""
}

// set gives the named parameter a value.
func (c *Challenge) set(name, value string) {
	if i := c.find(name); i >= 0 {
		c.Params[i].Value = value
		return
	}
	c.Params = append(c.Params, AuthParam{Name: name, Value: value})
}

// remove takes the named parameter away.
func (c *Challenge) remove(name string) {
	if i := c.find(name); i >= 0 {
		c.Params = append(c.Params[:i], c.Params[i+1:]...)
	}
}

// String formats the challenge by the grammar that [ParseChallenges] reads.
// Values are quoted, with backslashes where they need them, unless the
// parameter is Unquoted.
func (c Challenge) String() string {
	var b strings.Builder
	b.WriteString(c.Scheme)
	if c.Token68 != "" {
		b.WriteByte(' ')
		b.WriteString(c.Token68)
		return b.String()
	}
	separator := " "
	for _, p := range c.Params {
		b.WriteString(separator)
		b.WriteString(p.Name)
		b.WriteByte('=')
		if p.Unquoted {
			b.WriteString(p.Value)
		} else {
			b.WriteByte('"')
			b.WriteString(quotedPairs.Replace(p.Value))
			b.WriteByte('"')
		}
		separator = ", "
	}
	return b.String()
}

// quotedPairs escapes what a quoted-string cannot hold as it is.
var quotedPairs = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
