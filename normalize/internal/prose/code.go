package prose

import "strings"

// This file finds program text: stack frames, names of classes and functions.

// frameLeak reports a source file with a line number: "Bar.java:12",
// `x.php(12)`, `"x.py", line 12`, "X.cs:line 12", "x.rb:12:in".
func (s *sentence) frameLeak(c chunk) string {
	t := s.text[c.start:c.end]
	if strings.HasPrefix(t, "node:internal") {
		return "stack frame"
	}
	for i := 0; i < len(t); i++ {
		if t[i] != '.' {
			continue
		}
		end := i + 1
		for end < len(t) && isAlnum(t[end]) {
			end++
		}
		if !sourceExtension(t[i+1 : end]) {
			continue
		}
		rest := t[end:]
		if rest == "" {
			rest = s.text[c.end:]
			if lineFollows(strings.TrimLeft(rest, `"', )`)) || len(rest) > 1 && rest[0] == '(' && isDigit(rest[1]) {
				return "stack frame"
			}
		} else if rest[0] == ':' && (isDigit(rest[min(1, len(rest)-1)]) || strings.HasPrefix(rest, ":line")) {
			return "stack frame"
		}
	}
	return ""
}

// lineFollows reports whether s begins with "line 12" or "on line 12".
func lineFollows(s string) bool {
	s = strings.TrimPrefix(s, "on ")
	rest, ok := strings.CutPrefix(s, "line ")
	return ok && rest != "" && isDigit(rest[0])
}

// sourceExtension reports whether ext is of a file that holds program text.
func sourceExtension(ext string) bool {
	switch ext {
	case "java", "jsp", "jspx", "kt", "kts", "scala", "groovy", "clj",
		"cs", "vb", "fs", "cshtml", "vbhtml", "asp", "aspx", "ascx", "ashx", "asmx", "svc",
		"py", "pyc", "pyx", "php", "php3", "php4", "php5", "php7", "phtml", "phar",
		"js", "jsx", "mjs", "cjs", "ts", "tsx", "vue",
		"go", "rs", "rb", "erb", "rake", "pl", "pm", "cgi", "ex", "exs", "eex", "heex", "erl", "lua",
		"c", "cc", "cpp", "cxx", "h", "hpp", "swift", "dart", "cfm", "cfc", "tcl", "sql":
		return true
	}
	return false
}

// classLeak reports names of exceptions, classes and functions.
func (s *sentence) classLeak(c chunk) string {
	t := s.text[c.start:c.end]
	if c.classes&classCamel != 0 || c.classes&classUpper != 0 && strings.HasSuffix(t, "r") {
		for i := c.first; i <= c.last; i++ {
			if exceptionName(s.word(int(i))) {
				return "exception"
			}
		}
	}
	if i := strings.Index(t, "::"); i > 0 && isWord(t[i-1]) && i+2 < len(t) && isLetter(t[i+2]) && !strings.HasPrefix(t, "urn:") {
		return "class name"
	}
	if i := strings.Index(t, "->"); i > 0 && i+2 < len(t) && isWord(t[i-1]) && isLetter(t[i+2]) {
		return "class name"
	}
	if c.classes&classDot == 0 {
		return ""
	}
	if dottedName(t) {
		return "class name"
	}
	// A call of a member: "a.b.C.d(", "main.main()".
	rest := s.text[c.end:]
	if strings.HasPrefix(rest, "(") && (c.classes&classCamel != 0 || strings.HasPrefix(rest, "()")) {
		return "stack frame"
	}
	return ""
}

// exceptionName reports whether w is the name of an exception class in camel
// case: "IOException", "KeyError".
func exceptionName(w string) bool {
	if len(w) < 6 || !isUpper(w[0]) {
		return false
	}
	for _, suffix := range [...]string{"Exception", "Error", "Throwable", "ExceptionInfo", "Errno"} {
		if len(w) > len(suffix) && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// dottedName reports whether t is the qualified name of a class or a module of
// a known ecosystem: "com.acme.Order", "System.String", "django.db.utils".
func dottedName(t string) bool {
	t = strings.TrimLeft(t, "*&[.")
	root, rest, _ := strings.Cut(t, ".")
	if rest == "" {
		return false
	}
	switch root {
	case "java", "javax", "jakarta", "kotlin", "kotlinx", "scala", "sun", "jdk", "groovy", "clojure",
		"django", "werkzeug", "flask", "sqlalchemy", "psycopg2", "pymysql", "pymongo", "urllib3", "botocore", "boto3",
		"rest_framework", "starlette", "fastapi", "pydantic", "asyncio", "builtins", "strconv", "runtime", "reflect", "unsafe":
		return isLetter(rest[0])
	case "System", "Microsoft", "Newtonsoft", "Npgsql", "Oracle", "MySql", "MySqlConnector", "StackExchange",
		"Castle", "NHibernate", "Serilog", "Autofac", "Mono", "AutoMapper", "FluentValidation", "EntityFramework":
		return isUpper(rest[0])
	case "main", "models", "app", "src":
		return isUpper(rest[0]) && strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""
	case "com", "org", "net", "io", "edu", "gov", "co", "de", "fr", "uk", "jp", "kr", "cn", "ru", "nl", "ch", "se", "it", "es", "br", "at", "be", "dev", "me", "eu", "us", "ai", "tech", "info", "biz", "in", "au", "ca":
		// Two segments in lower case and one that is not make a class.
		dots := 0
		for i := 0; i+1 < len(t); i++ {
			if t[i] == '.' {
				if dots++; dots >= 2 && isUpper(t[i+1]) {
					return true
				}
			}
		}
	}
	return false
}

// codeLeak reports a word that is an identifier of a product's message
// catalogue, a memory address or the like.
func codeLeak(w string) string {
	switch {
	case len(w) >= 8 && (w[1] == 'x' || w[1] == 'X') && w[0] == '0' && allHex(w[2:]):
		return "memory address"
	case strings.HasSuffix(w, "_exception") || strings.HasSuffix(w, "_EXCEPTION") && len(w) > len("_EXCEPTION"):
		return "exception"
	case strings.HasPrefix(w, "SCHEMAS") || strings.HasPrefix(w, "SCHEMAV_") || strings.HasPrefix(w, "SCHEMAP_"):
		return "schema"
	}
	if len(w) < 6 || len(w) > 14 || !isUpper(w[0]) {
		return ""
	}
	digits := strings.IndexAny(w, "0123456789")
	if digits < 2 {
		return ""
	}
	number := w[digits:]
	if last := number[len(number)-1]; strings.IndexByte("EWINA", last) >= 0 {
		number = number[:len(number)-1]
	}
	if len(number) < 4 || !isNumber(number) {
		return ""
	}
	switch w[:digits] {
	case "SRVE", "JBWEB", "RESTEASY", "WFLY", "WFLYCTL", "WFLYEJB", "WFLYUT", "WFLYSRV", "HHH", "UT", "UTREQ", "ISPN", "ARJUNA",
		"IJ", "JBAS", "ELY", "MSC", "ISPNCFG", "HV", "CWWKE", "CWWKF", "CWWKG", "CWWKO", "CWWKS", "CWWKT", "CWWKZ", "CWWKN", "CWSRV",
		"DSRA", "J", "SECJ", "WSVR", "CNTR", "WTRN", "BEA", "SQL", "AH", "DPL", "WSWS", "TRAS", "SESN", "SOAP", "AMQ", "DFH", "IMS",
		"SMSG", "EJB", "JACC", "PLGC", "ADMA", "LTPA", "CWWSR", "CWSIA":
		return "banner"
	}
	return ""
}

func allHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isHex(s[i]) {
			return false
		}
	}
	return s != ""
}
