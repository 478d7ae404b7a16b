package prose

import "strings"

// sqlVerbs are the words that sqlLeak starts from.
const sqlVerbs = `select insert merge update delete drop alter create truncate where exec replace`

// sqlLeak reports a statement of SQL, or a piece of one, at word i. Prose uses
// the same words ("select a plan from the list"), so it is the shape that
// counts: capitals in a text that is not all capitals, operators, lists.
func (s *sentence) sqlLeak(i int) string {
	verb := s.word(i)
	loud := isLoud(verb) && (!isLoud(s.text) || s.seen&seenForeign != 0)
	var found bool
	switch strings.ToLower(verb) {
	case "select":
		found = s.selectStatement(i, loud)
	case "insert", "replace", "merge":
		found = equalLower(s.word(i+1), "into") && (loud || s.nextIs(i+2, '(') || equalLower(s.word(i+3), "values") || equalLower(s.word(i+3), "select"))
	case "update":
		for j := i + 2; j <= i+4 && !found; j++ {
			found = equalLower(s.word(j), "set") && (loud && s.word(j) == "SET" || s.nextIs(j+1, '='))
		}
	case "delete":
		found = equalLower(s.word(i+1), "from") && (s.statementOfThree(i) || loud && s.word(i+1) == "FROM" || equalLower(s.word(i+3), "where"))
	case "drop", "alter", "truncate", "create":
		switch strings.ToLower(s.word(i + 1)) {
		case "table", "database", "index", "schema", "view", "procedure", "trigger":
			found = loud && isLoud(s.word(i+1)) || strings.EqualFold(s.word(i+2), "if") || s.statementOfThree(i) || strings.EqualFold(verb, "truncate") || strings.EqualFold(verb, "alter") || strings.EqualFold(verb, "create") && s.nextIs(i+2, '(') || strings.EqualFold(verb, "drop") && endsStatement(s, i+2)
		}
	case "where":
		found = s.condition(i, loud)
	case "exec":
		found = loud && i+1 < len(s.words) && (strings.HasPrefix(s.word(i+1), "sp_") || strings.HasPrefix(s.word(i+1), "dbo") || strings.HasPrefix(s.word(i+1), "usp_"))
	}
	if found {
		return "sql"
	}
	return ""
}

// nextIs reports whether c follows word i, white space and quotes aside.
func (s *sentence) nextIs(i int, c byte) bool {
	if i >= len(s.words) {
		return false
	}
	rest := strings.TrimLeft(s.after(i), " `\"']")
	return rest != "" && rest[0] == c
}

// statementOfThree reports whether the text, or what follows a colon in it, is
// three words in one case from i on: "drop table orders".
func (s *sentence) statementOfThree(i int) bool {
	alone := i == 0 || strings.HasPrefix(s.after(i-1), ": ")
	return alone && i+3 == len(s.words) && (isLoud(s.text) || strings.ToLower(s.text) == s.text)
}

// endsStatement reports whether the text ends after word i, but for a
// semicolon or a comment.
func endsStatement(s *sentence, i int) bool {
	if i >= len(s.words) {
		return false
	}
	rest := strings.TrimLeft(s.after(i), " `\"']")
	return strings.HasPrefix(rest, ";") || strings.HasPrefix(rest, "--")
}

// selectStatement reports "select … from x" that is not prose.
func (s *sentence) selectStatement(i int, loud bool) bool {
	rest := strings.TrimLeft(s.after(i), " ")
	if strings.HasPrefix(rest, "*") || strings.HasPrefix(rest, "@@") || isNumber(s.word(i+1)) && i+2 == len(s.words) {
		return true
	}
	for j := i + 1; j < len(s.words) && j <= i+24; j++ {
		w := s.word(j)
		if equalLower(w, "count") && s.nextIs(j, '(') || equalLower(w, "distinct") && j == i+1 {
			return true
		}
		if !equalLower(w, "from") {
			continue
		}
		if loud && w == "FROM" {
			return true
		}
		if article(s.word(i+1)) || article(s.word(j+1)) || j == i+1 {
			return false
		}
		if i == 0 && j == i+2 && isLoud(s.text) {
			return true // nothing but a statement in capitals
		}
		between := s.text[s.words[i].end:s.words[j].start]
		if strings.ContainsAny(between, "*(`") || strings.Contains(between, ", ") && !strings.Contains(between, " and ") && !strings.Contains(between, " or ") || columnName(between) {
			return true
		}
		for k := j + 2; k <= j+4 && k < len(s.words); k++ {
			switch strings.ToLower(s.word(k)) {
			case "where", "join", "limit", "having", "inner", "left", "union", "group", "order":
				return true
			}
		}
		return false
	}
	return false
}

// columnName reports whether between holds "a.b".
func columnName(between string) bool {
	dot := strings.IndexByte(between, '.')
	return dot > 0 && dot+1 < len(between) && isWord(between[dot-1]) && isWord(between[dot+1])
}

// article reports whether w is a word that stands before a noun in prose and
// never before a column.
func article(w string) bool {
	var buf [maxLower]byte
	switch string(lower(&buf, w)) {
	case "a", "an", "the", "your", "our", "this", "that", "these", "those", "one", "any", "some", "all", "at", "another", "either", "each", "more", "only", "exactly", "up", "two", "no", "valid", "it", "them", "multiple", "different":
		return true
	}
	return false
}

// condition reports "where a = 1" and its like.
func (s *sentence) condition(i int, loud bool) bool {
	for j := i + 1; j <= i+4 && j < len(s.words); j++ {
		rest := strings.TrimLeft(s.after(j), " `\"'])")
		if rest == "" {
			continue
		}
		if strings.IndexByte("=<>", rest[0]) >= 0 || strings.HasPrefix(rest, "!=") {
			return loud || j <= i+2
		}
		if loud {
			switch s.word(j + 1) {
			case "IN", "LIKE", "IS", "BETWEEN":
				return true
			}
		}
	}
	return false
}
