package recognize

import (
	"html"
	"strconv"
	"strings"
)

// This file holds what rows of jsonFamilies cannot say in paths.

// isEnvelope reports whether the code is one that an envelope may have.
func isEnvelope(d *jsonDoc) bool {
	return d.nodes[0].kind == jsonObject && isUpperSnake(d.textOf("code"))
}

// isCanonical reports whether the status of a Google error is a canonical code.
func isCanonical(d *jsonDoc) bool { return isUpperSnake(d.str(d.get(d.get(d.top, "error"), "status"))) }

// isErrorToken reports whether the error is a code and not a sentence.
func isErrorToken(d *jsonDoc) bool { return isToken(d.textOf("error")) }

func leaky(_ *jsonDoc, ev *Evidence) { ev.Leaky = true }

// extensionViolations reads the complaints that a GraphQL server attaches to
// its first error. The path of an error is no field of the request.
func extensionViolations(d *jsonDoc, ev *Evidence) {
	if extensions := d.get(d.first(d.get(d.top, "errors")), "extensions"); extensions != nil {
		d.violationsOf(ev, extensions, 0)
	}
}

// isFieldMap reports whether all there is are lists of complaints by field.
func isFieldMap(d *jsonDoc) bool {
	lists := 0
	for m := d.at(d.top.child); m != nil; m = d.at(m.next) {
		if !m.is(jsonArray|jsonObject) || d.t.roles[m.name].inside != 0 && d.key(m) != "detail" {
			return false
		}
		if key := d.key(m); fieldOfKey(key) != "" && endsIn(key, errorEnds[:]) {
			return false
		}
		if m.child == 0 { // {"_errors":[],"name":{"_errors":["Required"]}}
			continue
		}
		if m.is(jsonObject) && (d.isError(m) || !d.hasList(m, 0)) || !d.isComplaintAbout(m, 0) {
			return false
		}
		lists++
	}
	return lists > 0 && d.status >= 400 && d.validates()
}

// hasList reports whether the object holds a list anywhere: one that does not is
// rather a wrapper around an error.
func (d *jsonDoc) hasList(obj *node, depth int) bool {
	for m := d.at(obj.child); m != nil; m = d.at(m.next) {
		if m.is(jsonArray) || m.is(jsonObject) && depth < 3 && d.hasList(m, depth+1) {
			return true
		}
	}
	return false
}

// fieldMap reads complaints by field.
func fieldMap(d *jsonDoc, ev *Evidence) { d.collect(ev, d.top, "", 0) }

// ajvField takes the field from the beginning of what Ajv says in Fastify:
// "body/age must be integer", "body must have required property 'name'".
func ajvField(_ *jsonDoc, ev *Evidence) {
	pointer, message, ok := strings.Cut(ev.Message, " ")
	location, _, _ := strings.Cut(pointer, "/")
	if ev.Code != "FST_ERR_VALIDATION" || !ok || !isLocation(location) {
		return
	}
	field := fieldName("/" + pointer)
	if _, missing, ok := strings.Cut(message, "required property '"); ok {
		missing, _, _ = strings.Cut(missing, "'")
		field = join(field, missing)
	}
	ev.add(Violation{Field: field, Message: message})
}

// grpcCodes are the names of the status codes of gRPC by number.
var grpcCodes = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
	"UNAUTHENTICATED",
}

// grpcNumber returns the number in n if it is a status code of gRPC, else 0.
func (d *jsonDoc) grpcNumber(n *node) int {
	number, err := strconv.Atoi(d.str(n))
	if err != nil || number < 0 || number >= len(grpcCodes) {
		return 0
	}
	return number
}

func isGRPC(d *jsonDoc) bool { return d.grpcNumber(d.get(d.top, "code")) != 0 }

func grpcCode(d *jsonDoc, ev *Evidence) { ev.Code = grpcCodes[d.grpcNumber(d.get(d.top, "code"))] }

func grpcStreamCode(d *jsonDoc, ev *Evidence) {
	if n := d.grpcNumber(d.get(d.get(d.top, "error"), "grpc_code")); n != 0 {
		ev.Code = grpcCodes[n]
	}
}

// isRPCCode reports whether the code is one that Connect or Twirp define: those
// of gRPC in lower case, and three of Twirp's own.
func isRPCCode(d *jsonDoc) bool {
	code := d.textOf("code")
	switch code {
	case "canceled", "malformed", "bad_route", "dataloss":
		return true
	}
	if code != strings.ToLower(code) {
		return false
	}
	for _, name := range grpcCodes[1:] {
		if strings.EqualFold(name, code) {
			return true
		}
	}
	return false
}

// awsCode takes the code from where an AWS protocol puts it, without namespace
// and without what follows a colon.
func awsCode(d *jsonDoc, ev *Evidence) {
	if ev.Code = awsShape(d.textOf("__type")); ev.Code == "" {
		ev.Code = headerCode(d.header)
	}
}

// awsShape returns the name of the error in an AWS error type, which may be
// "namespace#Name:address".
func awsShape(s string) string {
	s, _, _ = strings.Cut(s, ":")
	return strings.TrimSpace(s[strings.LastIndexByte(s, '#')+1:])
}

// odataCode takes the most specific code: that of the deepest inner error.
func odataCode(d *jsonDoc, ev *Evidence) {
	failure := d.get(d.top, "error")
	if failure == nil {
		failure = d.get(d.top, "odata.error")
	}
	ev.Code, _, _ = strings.Cut(d.str(d.get(failure, "code")), ", ")
	for depth := 0; failure != nil && depth < 4; depth++ {
		failure = d.get(failure, "innererror")
		if code := d.codeOf(d.get(failure, "code")); code != "" {
			ev.Code = code
		}
	}
	ev.Code = strings.TrimSpace(ev.Code)
}

// googleReason prefers the reason of an ErrorInfo to the canonical code.
func googleReason(d *jsonDoc, ev *Evidence) {
	details := d.get(d.get(d.top, "error"), "details")
	if !details.is(jsonArray) {
		return
	}
	for m := d.at(details.child); m != nil; m = d.at(m.next) {
		if reason := d.codeOf(d.get(m, "reason")); reason != "" && d.get(m, "domain") != nil {
			ev.Code = reason
			return
		}
	}
}

// tomcatReport tells a status report, whose message is meant for the client,
// from an exception report.
func tomcatReport(d *jsonDoc, ev *Evidence) {
	ev.Leaky = !strings.HasPrefix(strings.ToLower(d.textOf("type")), "status") || d.get(d.top, "throwable") != nil
}

// jettyMessage undoes the HTML escapes that Jetty leaves in its JSON.
func jettyMessage(d *jsonDoc, ev *Evidence) {
	ev.Message = html.UnescapeString(ev.Message)
	ev.Leaky = d.get(d.top, "cause0") != nil
}

// springMessage drops what Spring Boot says when it has nothing to say, and the
// summary of a binding result, which quotes the rejected values.
func springMessage(d *jsonDoc, ev *Evidence) {
	if ev.Message == "No message available" || strings.HasPrefix(ev.Message, "Validation failed for ") {
		ev.Message = ""
	}
}

// methodFields drops the method and the argument from the property paths of a
// violation of method constraints (create.dto.email, add.arg0.email).
func methodFields(d *jsonDoc, ev *Evidence) {
	d.violations(ev)
	for i := range ev.Violations {
		v := &ev.Violations[i]
		if before, after, ok := strings.Cut(v.Field, ".arg"); ok && before != "" && after != "" && isDigit(after[0]) {
			_, v.Field, _ = strings.Cut(after, ".")
			continue
		}
		if _, argument, ok := strings.Cut(v.Field, "."); ok {
			v.Field = argument
			if _, property, ok := strings.Cut(argument, "."); ok {
				v.Field = property
			}
		}
	}
}

// problemCode takes the code from the problem type, unless that only names the
// status or points into a specification.
func problemCode(d *jsonDoc, ev *Evidence) {
	if ev.Code == "" {
		ev.Code = problemType(d.textOf("type"))
	}
}

// problemType returns the last part of a problem type that says more than the
// status (RFC 9457 section 3.1.1).
func problemType(uri string) string {
	_, host, _ := strings.Cut(uri, "://")
	host, _, _ = strings.Cut(host, "/")
	switch strings.TrimPrefix(host, "www.") {
	case "rfc-editor.org", "tools.ietf.org", "datatracker.ietf.org", "w3.org", "developer.mozilla.org", "webconcepts.info",
		"httpstatuses.com", "httpstatuses.io", "httpstatus.es", "http.dev":
		return ""
	}
	uri, _, _ = strings.Cut(strings.TrimRight(uri, "/#"), "?")
	tail := strings.TrimSuffix(uri[strings.LastIndexAny(uri, "/#:")+1:], ".html")
	switch _, err := strconv.Atoi(tail); {
	case err == nil, !isToken(tail), strings.Contains(tail, "."), isUUID(tail), isOutcome(tail), tail == "blank", tail == "problem-with-message":
		return ""
	}
	return tail
}

// isPhraseCode reports whether the code is a status line.
func isPhraseCode(d *jsonDoc) bool {
	return leadingNumber(d.textOf("code")) == d.status && d.status != 0
}

// pyramidMessage takes the service's own words from behind the framework's
// explanation; a path in their place is the request's.
func pyramidMessage(_ *jsonDoc, ev *Evidence) {
	explanation, detail, _ := strings.Cut(ev.Message, "\n\n")
	if ev.Message = strings.TrimSpace(explanation); !strings.HasPrefix(strings.TrimSpace(detail), "/") && !isBlank(detail) {
		ev.Message = strings.TrimSpace(detail)
	}
}

// nodeViolations reads the complaints of class-validator, which come as a list
// in the message, and of Joi.
func nodeViolations(d *jsonDoc, ev *Evidence) {
	if list := d.get(d.top, "message"); list.is(jsonArray) {
		d.collect(ev, list, "", 0)
	}
	if strings.EqualFold(ev.Code, strings.ReplaceAll(d.textOf("error"), " ", "")) && d.weak(ev.Code) {
		ev.Code = ""
	}
	validation := d.get(d.top, "validation")
	if !validation.is(jsonObject) || len(ev.Violations) > 0 {
		return
	}
	// {"source":"body","keys":["email"],"message":…}, or one of these a source
	for m := validation; m != nil; m = d.at(m.child) {
		keys := d.first(d.get(m, "keys"))
		if keys == nil {
			continue
		}
		words := d.words(d.get(m, "message"))
		if words == "" {
			words = ev.Message
		}
		ev.Message = words
		ev.add(Violation{Field: fieldName(d.str(keys)), Message: words})
		return
	}
}

// loopbackCodes adds the validator's codes, which are a map of their own.
func loopbackCodes(d *jsonDoc, ev *Evidence) {
	details := d.get(d.get(d.top, "error"), "details")
	messages, codes := d.get(details, "messages"), d.get(details, "codes")
	if !messages.is(jsonObject) {
		return
	}
	d.collect(ev, messages, "", 0)
	for i := range ev.Violations {
		v := &ev.Violations[i]
		v.Code = d.str(d.first(d.get(codes, v.Field)))
		v.Kind = kindOf(v.Code, v.Message)
	}
}

// magentoParameters puts the parameters into the message: %name from an object,
// %1 from an array.
func magentoParameters(d *jsonDoc, ev *Evidence) {
	i := 1
	for m := d.at(d.get(d.top, "parameters").child); m != nil && i <= maxElements; m = d.at(m.next) {
		name := d.key(m)
		if name == "" {
			name = strconv.Itoa(i)
		}
		if m.is(jsonString | jsonNumber) {
			before, after, ok := strings.Cut(ev.Message, "%"+name)
			if ok && (after == "" || !isLetter(after[0]) && !isDigit(after[0])) {
				ev.Message = before + d.str(m) + after
			}
		}
		i++
	}
}

// dancerException tells an error that Dancer2 caught from one that was sent.
func dancerException(d *jsonDoc, ev *Evidence) { ev.Leaky = d.get(d.top, "exception") != nil }

// railsTrace tells a development server.
func railsTrace(d *jsonDoc, ev *Evidence) { ev.Leaky = d.count > 2 }

func isListOfStrings(d *jsonDoc) bool {
	list := d.get(d.top, "errors")
	return list.is(jsonArray) && (list.child == 0 || d.at(list.child).is(jsonString))
}

func isList(d *jsonDoc) bool { return d.nodes[0].kind == jsonArray }

// githubMissing knows that GitHub's code `missing` is about a resource, and
// `missing_field` about a field.
func githubMissing(d *jsonDoc, ev *Evidence) {
	d.violations(ev)
	for i := range ev.Violations {
		if ev.Violations[i].Code == "missing" {
			ev.Violations[i].Kind = Invalid
		}
	}
}

// salesforceFields pairs the message with the fields it is about.
func salesforceFields(d *jsonDoc, ev *Evidence) {
	fields := d.get(d.top, "fields")
	if fields == nil {
		return
	}
	for m := d.at(fields.child); m != nil; m = d.at(m.next) {
		ev.add(Violation{Field: d.str(m), Code: ev.Code, Message: ev.Message})
	}
}

// oauthScope takes the scope that is asked for.
func oauthScope(d *jsonDoc, ev *Evidence) { ev.Scope = d.textOf("scope") }

// isOAuth reports whether the error is registered (RFC 6749, 6750, 8628, 9449,
// 9470).
func isOAuth(d *jsonDoc) bool {
	switch d.textOf("error") {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
		"access_denied", "unsupported_response_type", "server_error", "temporarily_unavailable", "invalid_token", "insufficient_scope",
		"authorization_pending", "slow_down", "expired_token", "unsupported_token_type", "invalid_target", "invalid_dpop_proof",
		"use_dpop_nonce", "insufficient_user_authentication", "login_required", "consent_required", "interaction_required":
		return true
	}
	return false
}

// isCamelCode reports whether the code is a name such as ResourceNotFound.
func isCamelCode(d *jsonDoc) bool {
	code := d.textOf("code")
	return len(code) > 1 && isUpper(code[0]) && isToken(code) && strings.ToUpper(code) != code && !strings.Contains(code, "_")
}
