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
		rest := t[end:]
		if lineAndColumn(rest) {
			return "stack frame"
		}
		if !sourceExtension(t[i+1 : end]) {
			continue
		}
		if rest == "" {
			rest = s.text[c.end:]
			if c.start > 1 && s.text[c.start-1] == '(' && isWord(s.text[c.start-2]) {
				return "stack frame" // Foo.bar(Foo.java)
			}
			if lineFollows(strings.TrimLeft(rest, `"', )`)) || len(rest) > 1 && rest[0] == '(' && isDigit(rest[1]) {
				return "stack frame"
			}
		} else if rest[0] == ':' && (isDigit(rest[min(1, len(rest)-1)]) || strings.HasPrefix(rest, ":line")) {
			return "stack frame"
		}
	}
	return ""
}

// lineAndColumn reports whether s begins with ":12:34" or ":12:in".
func lineAndColumn(s string) bool {
	if s == "" || s[0] != ':' {
		return false
	}
	line, column, ok := strings.Cut(s[1:], ":")
	return ok && isNumber(line) && column != "" && (isDigit(column[0]) || strings.HasPrefix(column, "in"))
}

// versionFollows reports whether a version of at least two numbers follows word
// i, "8.1", or one after "v".
func (s *sentence) versionFollows(i int) bool {
	next := s.word(i + 1)
	if equalLower(next, "js") {
		i++
		next = s.word(i + 1)
	}
	if equalLower(next, "version") || equalLower(next, "v") {
		i++
		next = s.word(i + 1)
	}
	if len(next) > 1 && (next[0] == 'v' || next[0] == 'V') && isNumber(next[1:]) {
		return true
	}
	return isNumber(next) && len(next) <= 4 && s.nextIs(i+1, '.') && s.word(i+2) != "" && isDigit(s.word(i + 2)[0]) && s.words[i+2].start == s.words[i+1].end+1
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

// classLeak reports names of classes and calls of their members.
func (s *sentence) classLeak(c chunk) string {
	t := s.text[c.start:c.end]
	if i := strings.Index(t, "::"); i > 0 && isWord(t[i-1]) && i+2 < len(t) && isLetter(t[i+2]) && !strings.HasPrefix(t, "urn:") {
		return "class name"
	}
	if i := strings.Index(t, "->"); i > 0 && i+2 < len(t) && isWord(t[i-1]) && isLetter(t[i+2]) {
		return "class name"
	}
	if c.classes&classDot == 0 {
		return ""
	}
	if dottedName(t) || dottedComponent(t) {
		return "class name"
	}
	// A call of a member: "a.b.C.d(", "main.main()", "store.(*DB).Find".
	rest := s.text[c.end:]
	if strings.HasPrefix(rest, "(") && (c.classes&classCamel != 0 || strings.HasPrefix(rest, "()") || strings.HasPrefix(rest, "(0x")) || strings.HasPrefix(rest, ".(*") || generic(rest) {
		return "stack frame"
	}
	return ""
}

// generic reports whether s begins with type parameters and arguments: "[T](".
func generic(s string) bool {
	if s == "" || s[0] != '[' {
		return false
	}
	_, after, ok := strings.Cut(s, "]")
	return ok && strings.HasPrefix(after, "(")
}

// exceptionName reports whether w is the name of an exception class in camel
// case: "IOException", "KeyError".
func exceptionName(w string) bool {
	for _, suffix := range [...]string{"Exception", "Error", "Throwable", "Fault"} {
		if len(w) > len(suffix) && strings.HasSuffix(w, suffix) {
			return true
		}
	}
	return false
}

// componentName reports whether w is the name of a class in camel case that
// does some part of an application's work: "OrderServiceImpl".
func componentName(w string) bool {
	for _, suffix := range [...]string{
		"Impl", "Controller", "Repository", "Dao", "DAO", "Servlet", "Factory", "Mapper", "Bean", "Util", "Utils",
		"Helper", "Handler", "Interceptor", "Dispatcher", "Middleware", "Adapter", "Listener", "Serializer", "Deserializer",
		"Dto", "DTO", "ViewModel", "DbContext", "Wrapper",
	} {
		if len(w) > len(suffix)+1 && strings.HasSuffix(w, suffix) && isAlnum(w[len(w)-len(suffix)-1]) {
			return true
		}
	}
	return false
}

// dottedComponent reports whether a segment of t, not the last, is the name of
// a class that does some work or of a module of exceptions:
// "OrderService.CalculateTotal", "jinja2.exceptions.TemplateNotFound".
func dottedComponent(t string) bool {
	for rest := t; ; {
		segment, after, ok := strings.Cut(rest, ".")
		if !ok || after == "" || !isLetter(after[0]) {
			return false
		}
		switch segment {
		case "exceptions", "exception", "exc", "errors", "models", "views", "controllers", "services", "serializers", "entities", "repositories", "dto", "dao":
			return isUpper(after[0])
		}
		for _, suffix := range [...]string{"Service", "Manager", "Provider", "Client", "Processor", "Engine", "Worker", "Job", "Filter", "Module"} {
			if strings.HasSuffix(segment, suffix) && camel(segment) && (isUpper(segment[0]) && camel(after) || isUpper(after[0])) {
				return true
			}
		}
		if componentName(segment) && camel(segment) {
			return true
		}
		rest = after
	}
}

// camel reports whether w has an upper-case letter after a lower-case one.
func camel(w string) bool {
	for i := 1; i < len(w); i++ {
		if isUpper(w[i]) && isLower(w[i-1]) {
			return true
		}
	}
	return false
}

// dottedName reports whether t is the qualified name of a class or a module of
// a known ecosystem: "com.acme.Order", "System.String", "django.db.utils".
func dottedName(t string) bool {
	pointer := t[0] == '*' || t[0] == '&'
	t = strings.TrimLeft(t, "*&.")
	root, rest, _ := strings.Cut(t, ".")
	if rest == "" {
		return false
	}
	if pointer && (isUpper(rest[0]) || camel(rest)) {
		return true // *store.User
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
	case "com", "org", "io":
		vendor, _, _ := strings.Cut(rest, ".")
		switch vendor {
		case "apache", "springframework", "hibernate", "ibm", "sun", "oracle", "mysql", "postgresql", "zaxxer", "fasterxml", "netty", "eclipse", "jboss",
			"mongodb", "netflix", "reactivex", "vertx", "quarkus", "micronaut", "elasticsearch", "hsqldb", "codehaus", "glassfish", "jetbrains", "amazonaws":
			return strings.Count(t, ".") > 1
		}
		return classWithin(t)
	case "net", "edu", "gov", "co", "de", "fr", "uk", "jp", "kr", "cn", "ru", "nl", "ch", "se", "it", "es", "br", "at", "be", "dev", "me", "eu", "us", "ai", "tech", "info", "biz", "in", "au", "ca":
		return classWithin(t)
	}
	return false
}

// classWithin reports whether a segment of t after the second begins with a
// capital: "com.acme.Order".
func classWithin(t string) bool {
	dots := 0
	for i := 0; i+1 < len(t); i++ {
		if t[i] == '.' {
			if dots++; dots >= 2 && isUpper(t[i+1]) {
				return true
			}
		}
	}
	return false
}

// codeLeak reports word i if its form alone says that it is part of a program:
// a function called, a class, an environment variable that is set, a memory
// address, a message number of a product.
func (s *sentence) codeLeak(i int, w string) string {
	var next byte
	if end := int(s.words[i].end); end < len(s.text) {
		next = s.text[end]
	}
	listed := next == ' ' && strings.HasPrefix(s.after(i), " [")
	if s.words[i].plain && next != '(' && next != '[' && next != '{' && next != '=' && !listed {
		if strings.HasPrefix(w, "libxml") {
			return "schema"
		}
		return "" // all other forms have capitals, digits or underscores within
	}
	switch {
	case isUpper(w[0]) && exceptionName(w):
		return "exception"
	case isUpper(w[0]) && componentName(w) && camel(w):
		return "class name"
	case strings.HasPrefix(w, "__") && strings.HasSuffix(w, "__") && len(w) > 4:
		return "stack frame" // __init__
	case next == '(' && (strings.HasPrefix(s.after(i), "()") || strings.IndexByte(w, '_') > 0 || camel(w) || camel(s.word(i+1)) && isUpper(s.word(i + 1)[0])) && !strings.HasPrefix(s.after(i), "(s)"):
		return "stack frame"
	case strings.HasPrefix(w, "ER_") && isLoud(w), strings.HasPrefix(w, "SQLITE_"):
		return "sql"
	case strings.HasPrefix(w, "libxml"):
		return "schema"
	case isLower(w[0]) && len(w) >= 4 && numberedHost(w):
		return "host"
	case isUpper(w[0]) && strings.IndexByte("{[(", next) >= 0 && next != 0 && memberFollows(s.after(i)[1:]):
		return "class name" // Order[id=1, Order{id=1, Order(id=1
	case listed && isUpper(w[0]) && membersFollow(s.after(i)[1:]):
		return "class name" // User [name=joe, roles=[]]
	case next == '=' && isUpper(w[0]) && isLoud(w) && (strings.IndexByte(w, '_') > 0 || strings.HasPrefix(s.after(i), "=/")):
		return "environment"
	case len(w) >= 8 && (w[1] == 'x' || w[1] == 'X') && w[0] == '0' && allHex(w[2:]):
		return "memory address"
	case strings.HasSuffix(w, "_exception") || strings.HasSuffix(w, "_EXCEPTION") && len(w) > len("_EXCEPTION"):
		return "exception"
	case strings.HasPrefix(w, "SCHEMAS") || strings.HasPrefix(w, "SCHEMAV_") || strings.HasPrefix(w, "SCHEMAP_"):
		return "schema"
	}
	return messageNumber(w)
}

// memberFollows reports whether s begins with a name and "=".
func memberFollows(s string) bool {
	end := 0
	for end < len(s) && isWord(s[end]) {
		end++
	}
	return end > 0 && end < len(s) && s[end] == '=' && isLetter(s[0])
}

// membersFollow reports whether s begins with the members of an object, two at
// least, as Java prints it.
func membersFollow(s string) bool {
	if s == "" || s[0] != '[' || !memberFollows(s[1:]) {
		return false
	}
	_, second, ok := strings.Cut(s, ", ")
	return ok && memberFollows(second)
}

// messageNumber reports an identifier of a product's message catalogue:
// "SRVE0190E", "RESTEASY003210".
func messageNumber(w string) string {
	var found bool
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
	product, letter := w[:digits], len(w) > digits+len(number)
	switch product {
	case "JBWEB", "RESTEASY", "HHH", "HV", "UT", "IJ", "MSC", "ELY", "JBAS", "ISPN", "ARJUNA", "BEA":
		found = len(number) == 6
	case "SRVE", "DSRA", "SECJ", "WSVR", "CNTR", "WTRN", "TRAS", "SESN", "ADMA", "CWSRV", "CWSIA", "WSWS", "PLGC", "SOAP", "JACC", "LTPA":
		found = letter
	case "AH":
		found = len(number) == 5
	case "AMQ", "SQL":
		found = true
	default:
		found = strings.HasPrefix(product, "WFLY") || strings.HasPrefix(product, "CWWK") && letter
	}
	if found {
		return "banner"
	}
	if strings.HasPrefix(w, "DFH") { // CICS: DFH, the component, the number
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
