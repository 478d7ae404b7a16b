package prose

import "strings"

// pathLeak reports a file path, a class name with backslashes, or a product
// with its version.
func pathLeak(t string) string {
	if strings.IndexByte(t, '\\') >= 0 {
		if kind := backslashLeak(t); kind != "" {
			return kind
		}
	}
	slash := strings.IndexByte(t, '/')
	if slash < 0 {
		return ""
	}
	if slash >= 2 && t[slash-1] == ':' && isLetter(t[slash-2]) && (slash == 2 || !isWord(t[slash-3])) && slash+1 < len(t) && isWord(t[slash+1]) {
		return "path" // C:/inetpub
	}
	if strings.HasPrefix(t, "file:/") || strings.Contains(t, ".jar!/") || strings.Contains(t, "../") || strings.HasPrefix(t, "~/") || t[0] == '$' || strings.HasPrefix(t, "./") && strings.Count(t, "/") > 1 {
		return "path"
	}
	if banner(t) {
		return "banner"
	}
	path := t[slash:]
	absolute := slash == 0 || !isWord(t[slash-1])
	first := true
	rest := path[1:]
	if !absolute {
		rest, first = t, false
	}
	for rest != "" {
		var segment string
		segment, rest, _ = strings.Cut(rest, "/")
		if first && rest != "" && rootFolder(segment, rest) {
			return "path"
		}
		first = false
		if markerFolder(segment, rest) {
			return "path"
		}
		if rest == "" && (sourceFile(segment) || absolute && strings.Count(path, "/") > 2 && dataFile(segment)) {
			return "path"
		}
	}
	return ""
}

// rootFolder reports whether segment is a folder at the root of a file system,
// not of a URL; rest is what follows it.
func rootFolder(segment, rest string) bool {
	switch segment {
	case "etc", "var", "usr", "opt", "srv", "tmp", "proc", "sys", "mnt", "bin", "sbin", "lib", "lib64", "boot", "root", "inetpub",
		"u01", "u02", "nfs", "efs", "volume1", "volumes", "scratch", "workspace", "workspaces", "builds", "webapps", "www", "cygdrive", "snap", "nix", "Volumes", "Library", "Applications", "System":
		return true
	case "data", "storage", "uploads", "temp", "logs", "backup", "backups":
		// So may these, and a JSON pointer's: a file must be in a folder there.
		folder, file, ok := strings.Cut(rest, "/")
		return ok && folder != "" && hasExtension(file)
	case "home", "export", "dev", "run", "srv2", "data0", "data1", "app", "apps", "src", "code", "build", "usr2", "opt2", "Users", "go", "private", "w":
		// These may be a URL's: they need one more segment or a file.
		return isLetter(rest[0]) && (strings.Contains(rest, "/") || strings.Contains(rest, ".") || segment == "home" || segment == "dev")
	}
	return false
}

// hasExtension reports whether path ends in a file name with an extension.
func hasExtension(path string) bool {
	ext := path[strings.LastIndexByte(path, '.')+1:]
	return len(ext) < len(path) && 1 < len(ext) && len(ext) < 6 && strings.IndexByte(ext, '/') < 0 && isLetter(ext[0])
}

// markerFolder reports whether segment is a folder that only file systems
// have, wherever it stands.
func markerFolder(segment, rest string) bool {
	switch segment {
	case "node_modules", "BOOT-INF", "site-packages", "dist-packages", "WEB-INF", "META-INF", "public_html", "htdocs", "wwwroot", "webapps",
		"inetpub", ".ssh", ".git", ".aws", ".env", ".htaccess", "__pycache__", "cgi-bin", "System32", "system32", "vendor.php", "docroot", "httpdocs",
		"secrets", "serviceaccount", "PhpStormProjects", "IdeaProjects", "target-classes", "gems", "storage-logs", "wp-content", "wp-includes":
		return true
	case "var":
		return hasFolder(rest, "www", "log", "lib", "run", "tmp", "cache", "task", "opt", "spool")
	case "usr":
		return hasFolder(rest, "local", "share", "lib", "src", "bin", "sbin")
	case "etc":
		return hasFolder(rest, "passwd", "shadow", "hosts", "nginx", "ssl")
	}
	return false
}

// hasFolder reports whether path begins with one of names.
func hasFolder(path string, names ...string) bool {
	first, _, _ := strings.Cut(path, "/")
	for _, name := range names {
		if first == name {
			return true
		}
	}
	return false
}

// sourceFile reports whether name is that of a file with program text or
// configuration.
func sourceFile(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot < 1 {
		return false
	}
	ext, _, _ := strings.Cut(name[dot+1:], ":")
	switch ext {
	case "so", "dll", "exe", "jar", "war", "ear", "conf", "cnf", "ini", "log", "sock", "properties", "pem", "key", "crt", "sh", "bat", "class", "config", "cfg", "env", "db", "sqlite", "bak", "yml", "yaml", "toml", "lock", "pid", "twig", "blade", "tpl", "xsd", "wsdl", "dump", "gz":
		return true
	case "js", "ts": // "Node.js/Express.js" names products
		return !isUpper(name[0])
	}
	return sourceExtension(ext)
}

// configFile reports whether name is that of a file with configuration.
func configFile(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "tpl", "twig", "ftl", "jsp", "jspx", "cshtml", "ejs", "erb", "hbs", "phtml", "haml", "mustache", "xhtml":
		return true
	}
	var buf [maxLower]byte
	switch string(lower(&buf, name)) {
	case "application.yml", "application.yaml", "application.properties", "web.config", "web.xml", "app.config", "appsettings.json", "wp-config.php",
		"database.yml", "secrets.yml", "docker-compose.yml", "php.ini", "my.cnf", "nginx.conf", "httpd.conf", ".htaccess", ".env", "settings.py",
		"config.php", "config.yml", "config.yaml", "config.ini", "logback.xml", "log4j.properties", "persistence.xml", "hibernate.cfg.xml", "pom.xml", "machine.config":
		return true
	}
	return false
}

// dataFile reports whether name is that of a file with data. In a URL such
// names are rare, and deep down in a path rarer still.
func dataFile(name string) bool {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "txt", "csv", "json", "xml", "png", "jpg", "jpeg", "gif", "pdf", "xls", "xlsx", "doc", "docx", "zip", "tar", "tmp", "dat", "html", "htm", "mail", "bin", "sqlite3", "out", "err":
		return strings.IndexByte(name, '.') > 0
	}
	return false
}

// backslashLeak reports Windows and UNC paths and PHP's class names.
func backslashLeak(t string) string {
	if strings.Contains(t, `..\`) {
		return "path"
	}
	for i := 0; i+1 < len(t); i++ {
		if t[i] != '\\' {
			continue
		}
		next := t[i+1]
		switch {
		case i >= 2 && t[i-1] == ':' && isLetter(t[i-2]) && (i == 2 || !isWord(t[i-3])) && (isWord(next) || next == '\\'):
			return "path" // C:\x
		case i > 0 && t[i-1] == '%' && isWord(next):
			return "path" // %SystemRoot%\x
		case i == 0 && next == '\\' && uncPath(t[2:]):
			return "path" // \\server\share
		case i > 0 && isAlnum(t[i-1]) && isUpper(next) && isUpper(t[wordStart(t, i)]):
			return "class name" // App\Models\User; also DOMAIN\User
		case isLower(next) && i-wordStart(t, i) >= 3 && isLoud(t[wordStart(t, i):i]) && isUpper(t[i-1]):
			return "account name" // DOMAIN\svc_web
		case isAlnum(next) && i > 0 && isAlnum(t[i-1]) && sourceFile(t[i+1:]):
			return "path"
		}
	}
	return ""
}

// wordStart returns where the word that ends before i starts.
func wordStart(t string, i int) int {
	for i > 0 && isWord(t[i-1]) {
		i--
	}
	return i
}

// uncPath reports whether t, what follows two backslashes, is "server\share",
// with backslashes escaped or not.
func uncPath(t string) bool {
	t = strings.TrimLeft(t, `\`)
	server, share, ok := strings.Cut(t, `\`)
	share = strings.TrimPrefix(share, `\`)
	if !ok || len(server) < 2 || share == "" || !isWord(share[0]) && share[0] != '$' {
		return false
	}
	for i := 0; i < len(server); i++ {
		if c := server[i]; !isAlnum(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

// banner reports a product with its version, "nginx/1.22.1" (RFC 9110 section
// 10.2.4), but not a protocol with its version, which clients need.
func banner(t string) bool {
	name, version, _ := strings.Cut(t, "/")
	if name == "" || version == "" || !isLetter(name[0]) || !isDigit(version[0]) {
		return false
	}
	switch strings.ToLower(name) {
	case "http", "https", "tls", "ssl", "soap", "oauth", "xml", "json", "rtsp", "sip", "utf", "openapi", "ftp", "spdy", "dtls", "smtp", "icy", "ssh", "cloudevents":
		return false
	case "nginx", "apache", "tomcat", "jetty", "php", "iis", "microsoft-iis", "openssl", "python", "perl", "ruby", "node", "varnish", "lighttpd", "jboss", "wildfly":
		return true
	}
	end := 0
	for end < len(version) && isDigit(version[end]) {
		end++
	}
	return end+1 < len(version) && version[end] == '.' && isDigit(version[end+1])
}
