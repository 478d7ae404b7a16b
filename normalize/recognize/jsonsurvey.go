package recognize

import "strings"

// A survey looks for words and a code in an object by the usual names. It is how
// a dialect that nobody listed is read.

// finding is what a survey found.
type finding struct {
	message string
	code    string
	weak    bool // message says no more than the status does
}

// Bounds on a survey.
const (
	maxSurvey    = 5 // depth
	maxStrangers = 4 // objects of unknown names in one object
	maxSiblings  = 4 // elements of one array
)

// survey surveys an object, or the elements of an array until one says
// something.
func (d *jsonDoc) survey(n *node, depth int) finding {
	found := finding{weak: true}
	switch {
	case depth > maxSurvey:
	case n.is(jsonObject):
		return d.surveyObject(n, depth)
	case n.is(jsonString) && depth == 0: // a text that is one string
		found.message = d.str(n)
		found.weak = d.weak(found.message)
	case n.is(jsonArray):
		for m, i := d.at(n.child), 0; m != nil && i < maxSiblings && found.weak; m, i = d.at(m.next), i+1 {
			sub := d.survey(m, depth+1)
			if m.kind == jsonString {
				sub = d.surveyString(m)
			}
			if !sub.weak || found.message+found.code == "" {
				found = sub
			}
		}
	}
	return found
}

// surveyString reads an element of a list of messages, or of codes.
func (d *jsonDoc) surveyString(n *node) finding {
	s := d.str(n)
	if isConstant(s) {
		return finding{code: s, weak: true}
	}
	return finding{message: s, weak: d.weak(s)}
}

// surveyObject surveys the members of n, then the objects that usually hold what
// is still wanted, then those whose names mean nothing.
func (d *jsonDoc) surveyObject(n *node, depth int) finding {
	s := objectSurvey{finding: finding{weak: true}, messageRank: unranked, weakRank: unranked, codeRank: unranked}
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		switch r := &d.t.roles[m.name]; {
		case m.kind == jsonString && (r.message != 0 || r.code != 0):
			s.takeString(d, m, r)
		case m.kind == jsonNumber && r.code != 0 && !r.instance:
			// A textual code of a plain name tells more.
			if rank := r.code + plainCodeNames; rank < s.codeRank {
				s.takeCode(d.codeOf(m), rank)
			}
		case m.is(jsonArray|jsonObject) && r.inside != 0:
			s.insert(m, r.inside)
		}
	}
	for _, m := range s.inside[:s.holders] {
		if !s.weak && s.code != "" {
			break
		}
		s.merge(d.survey(m, depth+1))
	}
	if s.weak {
		s.askStrangers(d, n, depth)
	}
	return s.finding
}

// objectSurvey is the survey of one object: what was found and the ranks of the
// names that it was found by.
type objectSurvey struct {
	finding
	messageRank, weakRank, codeRank uint8

	inside  [4]*node // what may hold more, the most promising first
	ranks   [4]uint8
	holders int
}

// unranked is the rank of what was not found.
const unranked = 255

// takeString takes the string m for a code or for words, by its name and, where
// that leaves it open, its looks.
func (s *objectSurvey) takeString(d *jsonDoc, m *node, r *role) {
	text := d.str(m)
	if isBlank(text) {
		return
	}
	token := isToken(text)
	if token && r.code != 0 && r.code < s.codeRank && (r.message == 0 || r.either) && (!r.instance || isConstant(text) && !hasDigit(text)) {
		if code := d.codeOf(m); !isOutcome(code) {
			s.takeCode(code, r.code)
		}
	}
	if r.message == 0 || r.message >= s.messageRank {
		return
	}
	switch {
	case d.weak(text):
		if s.messageRank == unranked && r.message < s.weakRank {
			s.message, s.weakRank = text, r.message
		}
	case !token || !r.either && !isConstant(text):
		s.message, s.weak, s.messageRank = text, false, r.message
	case r.code == 0 && s.codeRank == unranked && isConstant(text):
		s.takeCode(text, unranked-1)
	}
}

// takeCode takes a code if it is one.
func (s *objectSurvey) takeCode(code string, rank uint8) {
	if code != "" {
		s.code, s.codeRank = code, rank
	}
}

// merge adds what was found further inside: words if there were none of weight,
// and the code that belongs to them.
func (s *objectSurvey) merge(sub finding) {
	if s.weak && !sub.weak || s.message == "" && sub.message != "" {
		s.message, s.weak = sub.message, sub.weak
		if sub.code != "" {
			s.code = sub.code
		}
	}
	if s.code == "" {
		s.code = sub.code
	}
}

// askStrangers looks at what has a name that nobody knows: objects, and what the
// name says to be about errors or to be a message.
func (s *objectSurvey) askStrangers(d *jsonDoc, n *node, depth int) {
	asked := 0
	for m := d.at(n.child); m != nil && asked < maxStrangers && s.weak; m = d.at(m.next) {
		switch {
		case m.is(jsonArray | jsonObject):
			if depth < 2 && d.t.roles[m.name].inside == 0 && (m.is(jsonObject) && s.message == "" || endsIn(d.key(m), errorEnds[:])) {
				s.merge(d.survey(m, depth+1))
				asked++
			}
		case m.kind == jsonString && d.t.roles[m.name].message == 0 && endsIn(d.key(m), messageEnds[:]) && !saysInside(d.key(m)):
			if text := d.str(m); strings.Contains(text, " ") {
				s.merge(finding{message: text, weak: d.weak(text)})
			}
		}
	}
}

// insert puts m, which may hold more, into the list.
func (s *objectSurvey) insert(m *node, rank uint8) {
	for i := range s.inside {
		if i == s.holders || rank < s.ranks[i] {
			copy(s.inside[i+1:], s.inside[i:])
			copy(s.ranks[i+1:], s.ranks[i:])
			s.inside[i], s.ranks[i] = m, rank
			s.holders = min(s.holders+1, len(s.inside))
			return
		}
	}
}
