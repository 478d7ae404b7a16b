package prose

import (
	"net/netip"
	"strconv"
	"strings"
)

// cutScheme cuts t at "://". The scheme is the run of letters before it, since
// text may stand before without a space ("jdbc:postgresql://").
func cutScheme(t string) (scheme, rest string, ok bool) {
	i := strings.Index(t, "://")
	if i < 1 {
		return "", "", false
	}
	start := i
	for start > 0 && (isAlnum(t[start-1]) || strings.IndexByte("+-.", t[start-1]) >= 0) {
		start--
	}
	return t[start:i], t[i+3:], start < i
}

// urlLeak reports a URL that is no public web address.
func urlLeak(scheme, rest string) string {
	switch strings.ToLower(scheme) {
	case "http", "https", "ws", "wss", "ftp", "ftps":
	case "app", "myapp", "custom", "scheme", "mailto", "tel", "intent", "market":
		return ""
	case "file", "smb", "nfs", "unix", "cifs":
		return "path"
	default:
		return "dsn"
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		authority = rest[:i]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		return "dsn"
	}
	host, port := cutPort(authority)
	if PrivateHost(host) || port != "" && port != "80" && port != "443" {
		return "host"
	}
	if _, path, ok := strings.Cut(rest, "/"); ok && markedPath(path) {
		return "path"
	}
	return ""
}

// markedPath reports whether a folder of path is one that file systems have.
func markedPath(path string) bool {
	for path != "" {
		var segment string
		segment, path, _ = strings.Cut(path, "/")
		if markerFolder(segment, path) {
			return true
		}
	}
	return false
}

// cutPort cuts the port from a host, if there is one.
func cutPort(hostport string) (host, port string) {
	if strings.HasPrefix(hostport, "[") {
		if i := strings.IndexByte(hostport, ']'); i >= 0 {
			return hostport[1:i], strings.TrimPrefix(hostport[i+1:], ":")
		}
	}
	i := strings.LastIndexByte(hostport, ':')
	if i < 0 || strings.IndexByte(hostport, ':') != i || !isNumber(hostport[i+1:]) {
		return hostport, ""
	}
	return hostport[:i], hostport[i+1:]
}

// PrivateHost reports whether host, with or without a port, is only reachable
// from inside: an address that is not of the public internet (RFC 1918, 4193,
// 5735, 6598), a name of one label, or a name in a zone that is not public
// (RFC 2606, 6762, 8375, and the names that operators use).
func PrivateHost(host string) bool {
	host, _ = cutPort(Unfold(host))
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if addr, err := netip.ParseAddr(host); err == nil {
		return privateAddr(addr)
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 {
		return true
	}
	switch zone := host[dot+1:]; zone {
	case "home", "test", "invalid", "private", "intra", "docker", "k8s", "dmz", "prv", "priv":
		return true
	default:
		return privateZone(host, zone) || isNumber(zone)
	}
}

// privateZone reports whether host, which ends in the label zone, is a name of
// the inside and can be nothing else.
func privateZone(host, zone string) bool {
	switch zone {
	case "local", "localhost", "localdomain", "internal", "intranet", "corp", "lan", "svc", "consul", "cluster":
		return true
	case "arpa":
		return strings.HasSuffix(host, ".home.arpa") || strings.HasSuffix(host, ".in-addr.arpa") || strings.HasSuffix(host, ".ip6.arpa")
	case "com", "net", "io", "org", "dev", "co", "jp", "kr", "de", "eu", "uk", "cloud":
		for _, label := range [...]string{".internal.", ".corp.", ".intranet.", ".intra.", ".lan.", ".local."} {
			if strings.Contains(host, label) {
				return true
			}
		}
		for _, suffix := range [...]string{
			".rds.amazonaws.com", ".cache.amazonaws.com", ".elb.amazonaws.com", ".compute.amazonaws.com",
			".redshift.amazonaws.com", ".es.amazonaws.com", ".database.windows.net", ".redis.cache.windows.net",
			".documents.azure.com", ".servicebus.windows.net", ".mongodb.net", ".nip.io", ".sslip.io", ".vault.azure.net",
			".blob.core.windows.net", ".internal.cloudapp.net", ".docker.internal", ".compute-1.amazonaws.com",
		} {
			if strings.HasSuffix(host, suffix) {
				return true
			}
		}
	}
	return false
}

// sharedSpace is the address space of carriers' translators (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

func privateAddr(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsInterfaceLocalMulticast() ||
		a.IsUnspecified() || sharedSpace.Contains(a)
}

// hostLeak reports an address that is private or has a port, and the name of
// a host on the inside.
func (s *sentence) hostLeak(c chunk) string {
	t := s.text[c.start:c.end]
	if i := strings.IndexByte(t, '/'); i > 0 {
		t = t[:i]
	}
	t = strings.TrimLeft(t, "@~+#$*!?&%^./\\-")
	if strings.Count(t, ":") >= 2 {
		withPort := strings.HasPrefix(s.text[c.end:], "]:")
		if a, err := parseAddr(strings.TrimPrefix(t, "ip:")); err == nil && (privateAddr(a) || withPort) && !a.IsUnspecified() {
			return "address"
		}
	}
	host, port := cutPort(t)
	if i := strings.LastIndexAny(host, ":@"); i >= 0 {
		host = host[i+1:]
	}
	if a, ok := dottedQuad(host); ok {
		if (privateAddr(a) || port != "") && (port != "" || !s.versionNear(c)) {
			return "address"
		}
		return ""
	}
	if c.classes&classDot != 0 {
		if dot := strings.LastIndexByte(host, '.'); dot > 0 && dot+1 < len(host) {
			var buf [maxLower]byte
			zone := lower(&buf, host[dot+1:])
			if letterIn(zone) && (len(port) >= 2 && hostName(host) || privateZone(strings.ToLower(host), string(zone))) {
				return "host"
			}
			return ""
		}
	}
	if len(port) >= 2 && len(port) <= 5 && servicePort(host, port) {
		return "host"
	}
	return ""
}

// parseAddr is netip.ParseAddr over a copy: its errors hold on to their input,
// and so the sentence could not stay on the stack.
func parseAddr(t string) (netip.Addr, error) { return netip.ParseAddr(strings.Clone(t)) }

// dottedQuad reads an IPv4 address that t consists of.
func dottedQuad(t string) (netip.Addr, bool) {
	if len(t) < len("0.0.0.0") || len(t) > len("255.255.255.255") || !isDigit(t[0]) || strings.Count(t, ".") != 3 {
		return netip.Addr{}, false
	}
	a, err := parseAddr(t)
	return a, err == nil
}

func letterIn(s []byte) bool {
	for _, c := range s {
		if isLetter(c) {
			return true
		}
	}
	return false
}

func hostName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isAlnum(c) && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

// versionNear reports whether the words around c say that the four numbers are
// a version or a section and not an address.
func (s *sentence) versionNear(c chunk) bool {
	if c.start > 0 && (s.text[c.start] == 'v' || s.text[c.start] == 'V') {
		return true
	}
	before := int(c.first) - 1
	switch w := s.word(before); {
	case equalLower(w, "to"), equalLower(w, "number"), equalLower(w, "no"), equalLower(w, "is"), equalLower(w, "of"):
		before--
	}
	if versionWord(s.word(before)) {
		return true
	}
	for i := int(c.last) + 1; i <= int(c.last)+4; i++ {
		switch w := s.word(i); {
		case versionWord(w), equalLower(w, "unsupported"), equalLower(w, "supported"), equalLower(w, "outdated"), equalLower(w, "deprecated"):
			return true
		}
	}
	return false
}

func versionWord(w string) bool {
	var buf [maxLower]byte
	switch string(lower(&buf, w)) {
	case "version", "versions", "ver", "v", "release", "build", "firmware", "section", "clause", "revision", "upgrade", "oid", "softwareversion", "sdk":
		return true
	}
	return strings.HasSuffix(w, "バージョン") || strings.HasPrefix(w, "버전") || strings.HasSuffix(w, "버전") || strings.HasSuffix(w, "版本")
}

// servicePort reports whether host:port names a service by its name in a
// container network ("redis:6379", "user-service:8080").
func servicePort(host, port string) bool {
	if !hostName(host) || !isLetter(host[0]) {
		return false
	}
	n, err := strconv.Atoi(port)
	if err != nil || n > 65535 {
		return false
	}
	if strings.HasSuffix(host, "_number") || strings.HasSuffix(host, "_id") {
		return false // project_number:8847
	}
	if strings.IndexAny(host, "-_0123456789") > 0 && n >= 80 && strings.ToLower(host) == host {
		return true
	}
	switch n {
	case 1433, 1521, 2181, 2375, 2376, 2379, 2380, 3306, 3307, 4369, 5000, 5432, 5433, 5601, 5671, 5672, 5984, 6379, 6380, 6432, 6443,
		7000, 7001, 7687, 8000, 8001, 8005, 8008, 8009, 8080, 8081, 8082, 8086, 8088, 8090, 8123, 8125, 8161, 8200, 8300, 8443, 8500,
		8888, 8983, 9000, 9001, 9042, 9080, 9090, 9091, 9092, 9093, 9160, 9200, 9300, 9411, 9443, 10250, 11211, 15672, 16379,
		26257, 26379, 27017, 27018, 28015, 29092, 50051, 50070, 61613, 61616, 3000, 4000, 4200, 1883, 389, 636, 25, 587:
		var buf [maxLower]byte
		switch string(lower(&buf, host)) {
		case "", "code", "error", "status", "id", "line", "number", "max", "min", "size", "limit", "port", "length", "count", "item", "order", "http", "value", "year", "ref", "width", "height", "total":
			return false
		}
		return n > 1000 || strings.EqualFold(host, "ldap") || strings.EqualFold(host, "smtp") || strings.EqualFold(host, "mail")
	}
	return false
}

// machineName reports whether t is or begins with a name that a platform or an
// operator's scheme gave to a machine, a container or a thread:
// "api-7d9f8b6c5d-x2x4v", "ip-10-0-3-12", "web-prod-01", "http-nio-8080-exec-3".
func machineName(t string) bool {
	t, _, _ = strings.Cut(t, ".")
	t = t[strings.LastIndexAny(t, "/@:")+1:]
	last := strings.LastIndexByte(t, '-')
	if last < 1 || last+1 == len(t) {
		return false
	}
	head, suffix := t[:last], t[last+1:]
	if rest, ok := strings.CutPrefix(t, "ip-"); ok && strings.Count(rest, "-") == 3 && isNumber(strings.ReplaceAll(rest, "-", "")) {
		return true
	}
	switch head {
	case "WIN", "DESKTOP", "LAPTOP":
		return len(suffix) >= 7 && isLoud(suffix)
	case "Thread":
		return isNumber(suffix)
	}
	if isNumber(suffix) && (strings.HasSuffix(head, "-exec") || strings.HasSuffix(head, "-thread")) {
		return true
	}
	middle := head[strings.LastIndexByte(head, '-')+1:]
	if len(middle) < len(head) && len(suffix) == 5 && base36(suffix) && len(middle) >= 8 && len(middle) <= 10 && base36(middle) && mixed(middle+suffix) && isLetter(head[0]) {
		return true
	}
	switch suffix {
	case "service", "svc", "microservice", "backend":
		return len(middle) < len(head) && lowerWords(head) // user-profile-service
	}
	if len(suffix) > 3 || !isNumber(suffix) {
		return false
	}
	n := infraWords(head)
	return n >= 2 || n == 1 && suffix[0] == '0' && len(suffix) > 1
}

// numberedHost reports whether w is "web03", "db01" or the like.
func numberedHost(w string) bool {
	n := len(w)
	for n > 0 && isDigit(w[n-1]) {
		n--
	}
	return n > 0 && len(w)-n >= 2 && len(w)-n <= 3 && w[n] == '0' && infraWords(w[:n]) == 1
}

// infraWords returns how many parts of a hyphenated name are words of an
// operator's naming scheme, or 0 if one is not.
func infraWords(head string) int {
	n := 0
	for head != "" {
		var part string
		part, head, _ = strings.Cut(head, "-")
		switch part {
		case "us", "eu", "ap", "east", "west", "central", "north", "south":
		case "db", "web", "app", "api", "srv", "svc", "node", "host", "cache", "redis", "sql", "mysql", "pg", "postgres", "mongo", "kafka", "prod", "stg", "stage",
			"staging", "dev", "qa", "uat", "master", "slave", "primary", "replica", "worker", "backend", "frontend", "gateway", "proxy", "lb", "es",
			"elastic", "k8s", "service", "server", "vm", "mq", "rabbitmq", "nginx", "tomcat":
			n++
		default:
			return 0
		}
	}
	return n
}

// lowerWords reports whether a hyphenated name is words in lower case, none of
// which makes it a phrase: terms-of, software-as-a.
func lowerWords(name string) bool {
	for more := true; more; { // no iterator: the sentence would leave the stack
		var part string
		part, name, more = strings.Cut(name, "-")
		switch part {
		case "", "of", "as", "a", "an", "the", "to", "in", "for", "on", "and", "or", "self", "third", "full", "pre", "post", "non":
			return false
		}
		if !base36(part) {
			return false
		}
	}
	return true
}

func base36(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

// mixed reports whether s has both letters and digits.
func mixed(s string) bool {
	var letters, digits bool
	for i := 0; i < len(s); i++ {
		letters = letters || isLetter(s[i])
		digits = digits || isDigit(s[i])
	}
	return letters && digits
}
