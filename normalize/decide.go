package normalize

import (
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// choice is a row of the catalogue, with the resource that fills it and why.
type choice struct {
	row      Entry
	resource string
	why      string
}

// decideCode is the built-in decision: which row a failure of this status is.
// The upstream's own word counts most, then what it complained of, then what is
// configured for the path, and last the status alone.
func (n *Normalizer) decideCode(req *Request, status int, ev *recognize.Evidence) choice {
	configured := n.resourceOf(req.Path)
	if c, ok := n.byCode(status, ev, configured); ok {
		return c
	}
	if c, ok := n.byViolations(status, ev); ok {
		return c
	}
	if configured != "" {
		code := ""
		switch {
		case n.catalog.class(status) == 404:
			code = "{RESOURCE}_NOT_EXIST"
		case n.catalog.class(status) == 409 && saysExists(ev):
			code = "{RESOURCE}_ALREADY_EXIST"
		}
		if row, ok := n.catalog.row(status, code); ok {
			return choice{row: row, resource: configured, why: "resource: " + configured}
		}
	}
	if n.catalog.class(status) == 409 && saysExists(ev) {
		if row, ok := n.catalog.row(status, "ALREADY_EXIST"); ok {
			return choice{row: row, why: "message: exists"}
		}
	}
	return choice{row: n.catalog.own(status), why: "status"}
}

// byCode decides by the upstream's own code: because it is one of ours, in
// whatever spelling, or by what it means.
func (n *Normalizer) byCode(status int, ev *recognize.Evidence, configured string) (choice, bool) {
	code := ev.Code
	if code == "" || len(code) > maxCodeRead || ofViolation(ev) {
		return choice{}, false
	}
	m := read(code)
	if (m.kind == generic || m.kind == validated) && len(ev.Violations) > 0 {
		return choice{}, false // the complaints say more than that there are some
	}
	if word := upperSnake(code); word != "" {
		if row, resource, ok := n.catalog.parse(status, word); ok && (resource == "" || n.infers() && takeResource(resource) == resource) {
			if resource != "" && configured != "" {
				resource = configured
			}
			if row.Code != n.catalog.own(status).Code || resource != "" || configured == "" {
				return choice{row: row, resource: resource, why: "code: " + row.Code}, true
			}
		}
	}
	if !n.infers() {
		m.resource = ""
	}
	if configured != "" && (m.kind == notFound || m.kind == exists || m.resource != "") {
		m.resource = configured
	}
	rowCode, ok := m.codeOf(n.catalog.class(status))
	if !ok {
		return choice{}, false
	}
	row, ok := n.catalog.row(status, rowCode)
	return choice{row: row, resource: m.resource, why: "meaning: " + rowCode}, ok
}

// ofViolation reports whether the evidence's code is only that of the first of
// several complaints, which are better judged together.
func ofViolation(ev *recognize.Evidence) bool {
	return len(ev.Violations) > 0 && ev.Code == ev.Violations[0].Code
}

func (n *Normalizer) infers() bool {
	return !n.cfg.IgnoreUpstreamResource && !n.cfg.Documented
}

// byViolations decides by the complaints of a validation error.
func (n *Normalizer) byViolations(status int, ev *recognize.Evidence) (choice, bool) {
	if class := n.catalog.class(status); len(ev.Violations) == 0 || class != 400 && class != 422 {
		return choice{}, false
	}
	first := ev.Violations[0].Kind
	for _, violation := range ev.Violations {
		if violation.Kind != first {
			first = recognize.Invalid
			break
		}
	}
	code, why := "INVALID_PARAMETER", "violations: invalid"
	switch first {
	case recognize.Missing:
		code, why = "MISSING_PARAMETER", "violations: required"
	case recognize.Range:
		code, why = "OUT_OF_RANGE", "violations: range"
	}
	row, ok := n.catalog.row(status, code)
	return choice{row: row, why: why}, ok
}

// saysExists reports whether there is evidence that something exists already.
func saysExists(ev *recognize.Evidence) bool {
	if read(ev.Code).kind == exists {
		return true
	}
	message := strings.ToLower(ev.Message)
	for _, phrase := range [...]string{
		"already exist", "already in use", "already taken", "already been taken", "already registered", "already used", "duplicate", "must be unique", "not unique",
		"existiert bereits", "bereits vorhanden", "bereits vergeben", "existe déjà", "ya existe", "既に存在", "すでに存在", "既に登録", "すでに登録",
		"이미 존재", "이미 등록", "이미 가입", "이미 사용 중",
	} {
		if strings.Contains(message, phrase) {
			return true
		}
	}
	return false
}

// resourceOf returns the resource configured for a path, or "".
func (n *Normalizer) resourceOf(path string) string {
	for _, r := range n.cfg.Resources {
		if MatchPath(r.Pattern, path) {
			return r.Resource
		}
	}
	return ""
}
