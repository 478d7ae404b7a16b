package prose

import (
	"encoding/base64"
	"strings"
)

// minSecret is the length from which a chunk may be a token in itself.
const minSecret = 16

// secretPrefixes begin tokens that their issuers made recognisable.
// likelyPrefixes do as well, but begin other words too.
var (
	secretPrefixes = [...]string{
		"AKIA", "ASIA", "AROA", "AIDA", "AIza", "ya29.", "GOCSPX-", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xoxr-",
		"xoxs-", "xapp-", "sk_live_", "sk_test_", "pk_live_", "pk_test_", "rk_live_", "rk_test_", "whsec_", "sk-proj-", "sk-ant-", "pypi-", "dop_v1_", "shpat_", "shpss_", "shpca_",
		"hvs.", "hvb.", "lin_api_", "AGE-SECRET-KEY-", "AAAAB3Nza", "AAAAC3Nza", "$2a$", "$2b$", "$2y$", "$argon2", "EAACEdEose0cBA", "sq0atp-", "sq0csp-", "dckr_pat_",
		"PMAK-", "NRAK-", "AccountKey",
	}
	likelyPrefixes = [...]string{"eyJ", "MIIE", "MIIC", "MIID", "SG.", "sk-", "key-", "npm_", "hf_"}
)

// secretIn reports a token within the chunk t.
func secretIn(t string) string {
	if strings.HasPrefix(t, "arn:aws") || strings.HasPrefix(t, "hooks.slack.com/") || strings.Contains(t, "//hooks.slack.com/") {
		return "key"
	}
	for i := 0; i < len(t); {
		if !isWord(t[i]) && t[i] != '$' {
			i++
			continue
		}
		if kind := issuedToken(t[i:]); kind != "" {
			return kind
		}
		start := i
		for i < len(t) && (isWord(t[i]) || t[i] == '-' || t[i] == '+' || t[i] == '/' || t[i] == '$') {
			i++
		}
		if randomLooking(t[start:i]) {
			return "token"
		}
	}
	return ""
}

// A tokenPrefix begins a token; a likely one if what follows is no prose.
type tokenPrefix struct {
	text   string
	likely bool
}

// tokenPrefixes holds secretPrefixes and likelyPrefixes by their first byte.
var tokenPrefixes = func() (by [256][]tokenPrefix) {
	for _, text := range secretPrefixes {
		by[text[0]] = append(by[text[0]], tokenPrefix{text: text})
	}
	for _, text := range likelyPrefixes {
		by[text[0]] = append(by[text[0]], tokenPrefix{text, true})
	}
	return by
}()

// issuedToken reports a token that its issuer made recognisable, at the
// beginning of t: a "key", or a "token" of a form that has honest uses too.
func issuedToken(t string) string {
	if len(t) < minSecret {
		return ""
	}
	for _, prefix := range tokenPrefixes[t[0]] {
		rest, ok := strings.CutPrefix(t, prefix.text)
		switch {
		case ok && !prefix.likely:
			return "key"
		case ok && mixedOrUpper(rest):
			return "token"
		}
	}
	return ""
}

// mixedOrUpper reports whether s is no word of prose: digits and letters, or
// letters of both cases.
func mixedOrUpper(s string) bool {
	return mixed(s) || strings.ToLower(s) != s
}

// randomLooking reports whether s looks drawn at random rather than written: a
// long run in which digits and letters, or letters of both cases, change more
// often than in names. UUIDs, numbers and identifiers of records with a usual
// prefix do not count.
func randomLooking(s string) bool {
	if len(s) < 20 || isUUID(s) || recordID(s) {
		return false
	}
	var changes, digits, lowers, uppers, hex int
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch classOf[c] {
		case classDigit:
			digits++
		case classLower:
			lowers++
		case classUpper:
			uppers++
		}
		if isHex(c) {
			hex++
		}
		if i > 0 && unusual(s, i) {
			changes++
		}
	}
	switch {
	case hex >= 32 && hex >= len(s)-4:
		return digits > 0 && digits < len(s)
	case hex == len(s):
		return false
	case lowers > 0 && uppers > 0 && digits > 0:
		return changes*10 >= len(s)*3 || len(s) >= 36 && changes*5 >= len(s)
	case lowers > 0 && uppers > 0:
		return len(s) >= 24 && changes*5 >= len(s)*2 && strings.IndexByte(s, '/') < 0
	case digits > 0:
		return len(s) >= 28 && changes*4 >= len(s)
	}
	return false
}

// requestID reports whether the words before c say that it identifies a
// request, which a client may quote to support.
func (s *sentence) requestID(c chunk) bool {
	i := int(c.first) - 1
	if equalLower(s.word(i), "id") {
		i--
	}
	var buf [maxLower]byte
	switch string(lower(&buf, s.word(i))) {
	case "request", "trace", "correlation", "requestid", "traceid", "request_id", "trace_id", "correlationid", "reference", "activity":
		return true
	}
	return false
}

// unusual reports whether the class of characters changes before s[i] as it
// does at most once a word in a name: between letters and digits, from lower to
// upper case, and from a run of upper case to lower.
func unusual(s string, i int) bool {
	p, c := s[i-1], s[i]
	if !isAlnum(p) || !isAlnum(c) {
		return false
	}
	return isDigit(p) != isDigit(c) || isLower(p) && isUpper(c) || isUpper(p) && isLower(c) && i > 1 && isUpper(s[i-2])
}

// recordID reports whether s is the identifier of a record as many services
// write it: a short word for what it is of, then the rest: "ch_3Mml…".
func recordID(s string) bool {
	kind, _, ok := strings.Cut(s, "_")
	if !ok || len(s) > 36 {
		return false
	}
	switch kind {
	case "ch", "cus", "pi", "pm", "sub", "in", "prod", "price", "req", "evt", "acct", "usr", "user", "ord", "order", "org", "inv", "doc", "file", "msg",
		"run", "thread", "asst", "txn", "po", "re", "si", "seti", "tr", "ba", "card", "dp", "il", "ii", "item", "proj", "team", "job", "task", "cs", "src", "py", "fr", "lnk", "plink", "qt", "rec", "obj", "cat", "cmp", "ev", "id":
		return true
	}
	return false
}

// isUUID reports whether s has the form of a UUID (RFC 9562 section 4).
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// secretKeys lists words that a secret follows, by how surely.
var secretKeys = [...]string{
	keyAlways: `
		password passwd passwort kennwort passphrase pwd client_secret clientsecret secret_key secretkey
		access_token accesstoken refresh_token refreshtoken id_token idtoken auth_token authtoken api_key apikey
		access_key accesskey private_key privatekey jsessionid phpsessid sessionid session_id asp_net_sessionid
		csrftoken csrf_token xsrf_token sid aws_secret_access_key credentials credential パスワード 비밀번호 密码
		accountkey sharedaccesskey sharedaccesssignature x_amz_signature aws_access_key_id signature hmac otp cvv cvc ssn csrf xsrf`,
	keyToken:  `secret token auth pass`,
	keyName:   `key salt nonce hash user_id`,
	keyScheme: `bearer basic negotiate ntlm dpop authorization cookie`,
	keyUser:   `user uid username userid login`,
}

// How surely a secret follows a word.
const (
	_         = iota
	keyAlways // a value after "=" or ":" is a secret
	keyToken  // it is one if it looks like one, or follows "="
	keyName   // it is one if it looks like one
	keyScheme // credentials follow without a sign (RFC 9110 section 11.6.2)
	keyUser   // after "=" only
)

// secretValue reports a secret that follows word i.
func (s *sentence) secretValue(i int, key uint8) string {
	if key == keyName && equalLower(s.word(i), "key") && i > 0 && opensKey(s.word(i-1)) {
		key = keyAlways
	}
	rest := s.after(i)
	if key == keyAlways && quotedValue(rest) {
		return "secret"
	}
	rest = strings.TrimLeft(rest, "\"'`\\] ")
	sign := byte(' ')
	spaced := true
	if rest != "" && (rest[0] == '=' || rest[0] == ':') {
		sign = rest[0]
		trimmed := strings.TrimLeft(rest[1:], "=>: ")
		spaced = len(rest) > 1 && rest[1] == ' '
		rest = strings.TrimLeft(trimmed, "\"'`\\[({")
		spaced = spaced && len(rest) == len(trimmed)
	} else if cut, ok := strings.CutPrefix(rest, "is "); ok {
		rest = cut
		if key == keyAlways && quotedValue(" "+cut) {
			return ifSecret(!saysWhatIsWrong(strings.Trim(cut, `"'.!`)))
		}
	}
	value := rest
	if n := strings.IndexAny(rest, " \t\"'`,;&()[]{}<>"); n >= 0 {
		value = rest[:n]
	}
	last := strings.Trim(rest[len(value):], "\"'`.)]} ") == ""
	value = strings.TrimRight(value, ".,:!?")
	if value == "" || value[0] >= 0x80 || masked(value) || strings.HasPrefix(rest, "//") {
		return ""
	}
	tokenLike := len(value) >= 5 && mixed(value)
	number := len(value) >= 4 && isNumber(value)
	switch key {
	case keyAlways:
		switch {
		case sign == '=', sign == ':' && !spaced:
			return ifSecret(!saysWhatIsWrong(value))
		case sign == ':':
			return ifSecret(tokenLike || number || last && !saysWhatIsWrong(value) && len(value) > 2)
		}
		return ifSecret(tokenLike && len(value) >= 6 || number)
	case keyName:
		return ifSecret(sign != ' ' && len(value) >= 6 && jumbled(value) && !isUUID(value))
	case keyToken:
		switch sign {
		case '=':
			return ifSecret(!saysWhatIsWrong(value) && len(value) >= 3)
		case ':':
			return ifSecret(tokenLike && len(value) >= 6 || last && len(value) >= 6 && !saysWhatIsWrong(value) && !spaced)
		}
		return ifSecret(len(value) >= 12 && mixed(value) && !isUUID(value))
	case keyScheme:
		if sign == ' ' {
			return ifSecret(len(value) >= 6 && (mixed(value) && len(value) >= 8 || basicCredentials(value)))
		}
		return ifSecret(tokenLike && len(value) >= 8)
	case keyUser:
		return ifSecret(sign == '=' && len(value) > 1)
	}
	return ""
}

// opensKey reports whether w makes a secret of the word "key" after it:
// "api-key", "secret key".
func opensKey(w string) bool {
	for _, kind := range [...]string{"api", "access", "secret", "private", "auth"} {
		if equalLower(w, kind) {
			return true
		}
	}
	return false
}

// jumbled reports whether letters and digits change twice or more in s.
func jumbled(s string) bool {
	changes := 0
	for i := 1; i < len(s); i++ {
		if isAlnum(s[i-1]) && isAlnum(s[i]) && isDigit(s[i-1]) != isDigit(s[i]) {
			changes++
		}
	}
	return changes > 1
}

// quotedValue reports whether s begins with a space and a quoted word.
func quotedValue(s string) bool {
	if len(s) < 4 || s[0] != ' ' || s[1] != '"' && s[1] != '\'' {
		return false
	}
	end := strings.IndexByte(s[2:], s[1])
	return end > 2 && !strings.Contains(s[2:2+end], " ")
}

// masked reports whether value stands for a secret that is not shown.
func masked(value string) bool {
	return strings.Trim(value, "*.") == "" || len(value) > 2 && strings.Trim(value, "xX") == ""
}

func ifSecret(found bool) string {
	if found {
		return "secret"
	}
	return ""
}

// basicCredentials reports whether s is user:password in base64 (RFC 7617
// section 2).
func basicCredentials(s string) bool {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil || len(plain) < 3 {
		return false
	}
	colon := false
	for _, c := range plain {
		if c < ' ' || c > '~' {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// saysWhatIsWrong reports whether value is a word that a complaint about a
// field consists of ("password: required") and no secret.
func saysWhatIsWrong(value string) bool {
	var buf [maxLower]byte
	switch string(lower(&buf, value)) {
	case "required", "invalid", "missing", "expired", "blank", "empty", "short", "long", "weak", "wrong", "incorrect", "mismatch", "null", "none",
		"unknown", "revoked", "rejected", "unsupported", "malformed", "disabled", "locked", "denied", "bad", "mandatory", "must", "is", "cannot", "can",
		"should", "may", "the", "a", "an", "this", "field", "too", "not", "no", "string", "true", "false", "boolean", "integer", "undefined", "incomplete", "unavailable",
		"ungültig", "erforderlich", "fehlt", "falsch", "inactive", "unauthorized", "forbidden", "duplicate", "failed", "error":
		return true
	}
	return false
}
