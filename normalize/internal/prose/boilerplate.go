package prose

import (
	"net/http"
	"strings"
)

// Judge reads a message, one line, from text, where it may stand behind a prefix
// of so many bytes that names a field. It says why the message tells no more
// than a status does: "status phrase" for the phrase itself, "boilerplate" for
// what servers, routers and frameworks say to everyone; "" if it tells more.
// Where a field is known, a single word such as "Invalid" tells enough. Of a
// message that tells more, it says what leaks of the text, as [Leak] does.
func Judge(text string, prefix int, field bool) (empty, leak string) {
	var (
		words  [64]word
		chunks [32]chunk
	)
	s := cutText(text, words[:], chunks[:])
	message := s
	for len(message.words) > 0 && int(message.words[0].start) < prefix {
		message.words = message.words[1:]
	}
	if empty = message.boilerplate(field); empty != "" {
		return empty, ""
	}
	if len(text) > maxLeakText {
		return "", "length"
	}
	if leak = s.leak(); leak != "" {
		return "", leak
	}
	return "", leakWithin(text)
}

// boilerplate says why s tells no more than a status does.
func (s *sentence) boilerplate(field bool) string {
	var buf [256]byte
	if len(s.words) == 0 {
		return "boilerplate" // only punctuation
	}
	if len(s.words) <= maxStatusWords {
		bare := s.bare(buf[:0])
		if statusPhrases[string(bare)] {
			return "status phrase"
		}
		if !field && emptyPhrases[string(bare)] {
			return "boilerplate"
		}
	}
	for i := range s.words {
		if t := chatter.find(s.word(i)); t != nil && s.says(t, i) != "" {
			return "boilerplate"
		}
	}
	return ""
}

// maxStatusWords is how many words a status phrase has at most, with all that
// may stand around it.
const maxStatusWords = 12

// bare appends to buf the words in lower case, joined by spaces, without
// articles and without what only announces a status: "HTTP/1.1 404", "Error:",
// "status code 404", an exclamation.
func (s *sentence) bare(buf []byte) []byte {
	first, last := 0, len(s.words)
	for first < last && announces(s.word(first)) {
		first++
	}
	for last > first && announces(s.word(last-1)) {
		last--
	}
	for i := first; i < last; i++ {
		start := len(buf)
		if start > 0 {
			buf = append(buf, ' ')
		}
		buf = appendLower(buf, s.word(i))
		switch strings.TrimSpace(string(buf[start:])) {
		case "the", "a", "an", "this", "your":
			buf = buf[:start]
		}
	}
	return buf
}

// announces reports whether w only stands around a status phrase.
func announces(w string) bool {
	var buf [maxLower]byte
	switch string(lower(&buf, w)) {
	case "http", "https", "error", "errors", "err", "status", "code", "statuscode", "0", "1", "2", "exception", "fault",
		"message", "response", "reason", "sorry", "oops", "whoops", "the", "a", "an", "this", "it", "was", "is", "received", "got", "returned":
		return true
	}
	return len(w) == 3 && isNumber(w) && '3' <= w[0] && w[0] <= '5'
}

// statusPhrases holds the registered reason phrases of 4xx and 5xx and what is
// usually said for them, as bare words.
var statusPhrases = func() map[string]bool {
	m := map[string]bool{"": true}
	add := func(text string) {
		s := cutText(text, nil, nil)
		bare := string(s.bare(nil))
		m[bare] = true
		m[strings.ReplaceAll(bare, " ", "")] = true  // NotFound
		m[strings.ReplaceAll(bare, " ", "_")] = true // NOT_FOUND
	}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" {
			add(text)
		}
	}
	for text := range tableLines(usualPhrases) {
		add(text)
	}
	return m
}()

const usualPhrases = `
	invalid request; malformed request; request is invalid; illegal request; wrong request; request error; bad request body
	unauthenticated; not authorized; not authorised; unauthorised; unauthorized access; authorization required; authentication required
	unauthorized request; you are not authorized; you are unauthorized; not logged in; access unauthorized; authentication failed; auth required
	payment required; access denied; access forbidden; access is denied; access not allowed; no access; not allowed; not permitted; request forbidden; permission denied
	resource not found; page not found; requested resource not found; requested resource was not found; requested resource could not be found; resource could not be found
	requested page not found; requested page was not found; requested page could not be found; url not found; file not found; path not found; route not found; route could not be found; no route found; no matching route; no such route; unknown route; endpoint not found; document not found
	not found on server; not found on this server; object not found; could not be found; cannot be found; cannot find resource; nothing found; does not exist; no such resource
	resource does not exist; requested resource does not exist; page does not exist; requested resource was not found on server; requested url was not found on server; no such page
	resource you requested could not be found; resource you requested was not found; resource you are looking for could not be found; resource cannot be found; page cannot be found
	method not supported; method not allowed for requested url; http method not allowed; unsupported method; request method not allowed; method is not allowed
	method is not allowed for requested url; http method not supported; request method not supported
	not acceptable; proxy authentication required; timeout; request timed out; request time out; time out; timed out
	conflict; resource conflict; conflict occurred; gone; resource gone; resource is gone; deleted; length required
	precondition failed; payload too large; entity too large; request too large; request entity too large; content too large; request body too large
	uri too long; request uri too long; unsupported media type; media type not supported; range not satisfiable; requested range not satisfiable
	expectation failed; teapot; misdirected request; unprocessable entity; unprocessable content; unprocessable; locked; resource locked; failed dependency; too early
	upgrade required; precondition required; too many requests; request header fields too large; unavailable for legal reasons
	internal server error; internal error; server error; server failure; internal failure; internal service error; unexpected server error; unexpected internal error; unknown server error
	not implemented; service error; bad gateway; service unavailable; temporarily unavailable; service temporarily unavailable; server unavailable; unavailable; gateway timeout; gateway time out
	client error; unknown; unknown error; unexpected error; unspecified error; general error; generic error; application error; system error; runtime error; fatal error; undefined error; untitled error
	error occurred; error has occurred; unknown error occurred; unknown error has occurred; unexpected error occurred; unexpected error has occurred; internal error occurred; internal error has occurred; internal server error occurred
	something went wrong; something bad happened; an error; request failed; request failed with; failed; failure; fail; rejected; denied; forbidden request; aborted; cancelled; canceled; processing failed; operation failed
	http not found; notfoundexception; badrequestexception; unauthorizedexception; forbiddenexception; failed with; no message available; no details; no message; not available
	nicht gefunden; zugriff verweigert; nicht autorisiert; verboten; ungültige anfrage; interner serverfehler; seite nicht gefunden; ressource nicht gefunden; nicht erlaubt
	見つかりません; ページが見つかりません; 見つかりませんでした; ページが見つかりませんでした; お探しのページは見つかりませんでした; アクセスが拒否されました; アクセス権限がありません; 不正なリクエスト; 不正なリクエストです; 認証が必要です; 認証エラー; 内部サーバーエラー; サーバーエラー; サーバーエラーが発生しました; エラー; エラーが発生しました; 内部エラー; リソースが見つかりません; リソースが見つかりませんでした; 禁止されています; 無効なリクエストです; リクエストが不正です; サービス利用不可
	찾을 수 없습니다; 페이지를 찾을 수 없습니다; 리소스를 찾을 수 없습니다; 요청하신 페이지를 찾을 수 없습니다; 잘못된 요청; 잘못된 요청입니다; 인증이 필요합니다; 인증되지 않았습니다; 접근이 거부되었습니다; 접근 권한이 없습니다; 권한이 없습니다; 내부 서버 오류; 서버 오류; 서버 오류가 발생했습니다; 오류가 발생했습니다; 오류; 에러; 금지됨; 허용되지 않는 메서드
`

// emptyPhrases say nothing unless a field stands before them.
var emptyPhrases = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("null nil none undefined n/a na invalid bad wrong false true ok success yes no test todo message detail unspecified nan object") {
		m[w] = true
	}
	m["object object"] = true
	m["not set"] = true
	return m
}()

// chatter holds chatterPhrases.
var chatter = func() *lexicon {
	l := newLexicon()
	l.add("boilerplate", chatterPhrases)
	return l
}()

// chatterPhrases is what routers say of a path they do not know, and what
// servers and frameworks say when an application said nothing, in the notation
// of [wording].
const chatterPhrases = `
	cannot GET/; cannot POST/; cannot PUT/; cannot PATCH/; cannot DELETE/; cannot HEAD/; cannot OPTIONS/
	no route matches; no route matched; no route found for' GET; any route matches
	no route found for' POST; route GET:; route POST:; route PUT:; route PATCH:; route DELETE:; route HEAD:; route OPTIONS:
	no http resource was found; no action was found on the controller; no type was found that matches the controller; no message available
	no handler found for; no static resource; no endpoint GET; no endpoint POST; no endpoint PUT; no endpoint DELETE; no endpoint PATCH
	no mapping for GET; no mapping found for; no context on this server; no explicit mapping for; could not find resource for full path; could not find resource for relative
	unable to find matching target resource; no resource method found; null for uri; 404 page not found; default backend; page not found at
	requested resource * is not available; requested url * not found on; requested URL * was not found; not found on this server
	requested url * not found; no such child resource; no handler for path; resource identified by path; unable to locate resource
	the document you requested; the page you requested; the url you requested; the page you were looking for; the page you are looking for
	the resource you are looking for; the resource you were looking for; entered the url manually; may have mistyped; nothing matches the given uri
	the method is not allowed for; requested method * is not allowed for; http verb used to access; specified http method is not allowed
	requested resource does not support http method; method received in the request line; page cannot be displayed; webpage cannot be found
	proxy sent a request that this server; browser sent a request that this server; request that this server could not understand
	request is badly formed; bad request invalid; cannot or will not process the request; did not find a current representation
	lacks valid authentication credentials; understood the request but refuses; understood the request but is refusing; unexpected condition that prevented
	could not verify that you are authorized; supplied the wrong credentials; either read protected or; permission to access * on this server
	permission to access this resource; permission to access the requested resource; permission to view this directory; denied by server configuration
	requires http authentication; requires user authentication; authorized to view this page; we're sorry but something; change you wanted was rejected
	error was encountered while trying; use an errordocument; contact the server administrator; contact the site owner; contact the website administrator
	server encountered an internal; server encountered an unexpected; temporarily unable to service; unable to complete your request; maintenance downtime
	error occurred while processing your request; error occurred while processing the request; error has occurred while processing your; more information is available with
	one or more validation errors occurred; request failed with status code; returned status code #; responded with status code
	request could not be satisfied; there was an unexpected error; whitelabel error page; that's an error; that's all we know; see rfc 2068; from rfc 2068; see rfc 2616
`
