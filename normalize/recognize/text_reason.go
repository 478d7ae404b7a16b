package recognize

import (
	"net/http"
	"strings"
)

// reasonMessage returns the reason phrase of the status line if the upstream
// put words of its own there, as services do that know no better place.
func reasonMessage(in *Input) string {
	phrase := strings.TrimSpace(in.ReasonPhrase)
	if len(phrase) < 4 || isPhrase(phrase) || !strings.Contains(phrase, " ") {
		return ""
	}
	return phrase
}

// readReason reads an answer that has a reason phrase of its own and nothing
// else.
func readReason(doc *textDoc, ev *Evidence) bool {
	ev.Message = reasonMessage(doc.in)
	return ev.Message != ""
}

// isPhrase reports whether s is the phrase of some failure's status, in any
// case: the registered one of today, or one that was or that servers use.
func isPhrase(s string) bool {
	s = strings.TrimRight(s, ".!")
	for status := http.StatusBadRequest; status <= http.StatusNetworkAuthenticationRequired; status++ {
		if status == http.StatusUnavailableForLegalReasons+1 {
			status = http.StatusInternalServerError
		}
		if phrase := http.StatusText(status); phrase != "" && strings.EqualFold(s, phrase) {
			return true
		}
	}
	for _, phrase := range synonyms {
		if strings.EqualFold(s, phrase) {
			return true
		}
	}
	return false
}

// synonyms are phrases that are not in net/http: renamed ones (RFC 2616, RFC
// 7231, RFC 9110), and the habits of servers.
var synonyms = [...]string{
	"Access Denied", "Access Forbidden", "Auth Required", "Authorization Required", "Authentication Required", "Backend fetch failed",
	"Backend unavailable", "Bandwidth Limit Exceeded", "Blocked by Windows Parental Controls", "Client Closed Request", "Connection timed out",
	"Content Too Large", "Error", "File Not Found", "first byte timeout", "Forbidden by ACL", "Gateway Time-out", "Gateway Timeout",
	"HTTP Version Not Supported", "Internal Error", "Internal Service Error", "Invalid Request", "Invalid URL", "Length Required", "Maintenance",
	"Method Failure", "No Response", "Not Authorized", "Not Supported", "Object Not Found", "Origin is unreachable",
	"Page Not Found", "Payload Too Large", "Rate Limit Exceeded", "Request Entity Too Large", "Request Header Fields Too Large",
	"Request Header Or Cookie Too Large", "Request Rejected", "Request Time-out", "Request-URI Too Large", "Request-URI Too Long", "Requested Range Not Satisfiable",
	"Server Error", "Service Temporarily Unavailable", "Status Code", "Temporarily Unavailable", "Unprocessable Content", "Unprocessable Entity",
	"Unknown Error", "Unknown Status", "Unsupported Media Type", "URI Too Long", "Web server is down",
}
