package harness

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The servers below run until the test ends. Their configuration and their
// applications are in integration/legacy; what they say is their own. Each
// function returns the address.

// Apache starts Apache httpd.
func Apache(t testing.TB) string {
	t.Helper()
	httpd := Need(t, "apt-get install apache2", "apache2", "/usr/sbin/apache2")
	const page = "<html><head><title>Sorry</title></head><body><h1>We looked everywhere</h1></body></html>\n"
	addr, folder := FreeAddr(t), Folder(t, map[string]string{
		"index.html": "hello\n", "gzip/missing.html": page, "br/missing.html": page,
	})
	cmd := exec.Command(httpd, "-D", "FOREGROUND", "-f", legacy(t, "apache/httpd.conf"))
	cmd.Env = append(os.Environ(), "ADDR="+addr, "DIR="+folder, "DEAD="+FreeAddr(t))
	Start(t, cmd, Listening(addr))
	return addr
}

// Nginx starts nginx.
func Nginx(t testing.TB) string {
	t.Helper()
	nginx := Need(t, "apt-get install nginx-light", "nginx", "/usr/sbin/nginx")
	folder, addr := Folder(t, map[string]string{"index.html": "hello\n"}), FreeAddr(t)
	config := fill(t, "nginx/nginx.conf", "ADDR", addr, "DIR", folder, "DEAD", FreeAddr(t))
	Start(t, exec.Command(nginx, "-e", "stderr", "-p", folder, "-c", config), Listening(addr))
	return addr
}

// Tomcat starts Tomcat 10.
func Tomcat(t testing.TB) string {
	t.Helper()
	const home, install = "/usr/share/tomcat10", "apt-get install tomcat10"
	NeedFile(t, install, home+"/bin/catalina.sh")
	Need(t, "apt-get install default-jre-headless", "java")
	base := Folder(t, nil)
	if err := os.CopyFS(base, os.DirFS(legacy(t, "tomcat"))); err != nil {
		t.Fatal(err)
	}
	// The default servlets, among them the one for pages.
	web, err := os.ReadFile(home + "/etc/web.xml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(base, "conf", "web.xml"), web, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(base, "temp"), 0o755); err != nil {
		t.Fatal(err)
	}
	addr := FreeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command(home+"/bin/catalina.sh", "run")
	cmd.Env = append(os.Environ(), "CATALINA_HOME="+home, "CATALINA_BASE="+base,
		"JAVA_OPTS=-Dlegacy.port="+port+" -Djava.security.egd=file:/dev/urandom")
	Start(t, cmd, Listening(addr))
	return addr
}

// PHP starts PHP's built-in server.
func PHP(t testing.TB) string {
	t.Helper()
	php := Need(t, "apt-get install php-cli", "php")
	addr := FreeAddr(t)
	Start(t, exec.Command(php, "-S", addr, "-t", legacy(t, "php"), legacy(t, "php/router.php")), Listening(addr))
	return addr
}

// PHPFPM starts php-fpm, and returns the folder of its scripts as well.
func PHPFPM(t testing.TB) (addr, root string) {
	t.Helper()
	const install = "apt-get install php-fpm"
	found, _ := filepath.Glob("/usr/sbin/php-fpm[0-9]*")
	fpm := Need(t, install, append([]string{"php-fpm"}, found...)...)
	addr = FreeAddr(t)
	Start(t, exec.Command(fpm, "-F", "-O", "-R", "-y", fill(t, "fpm/fpm.conf", "ADDR", addr)), Listening(addr))
	return addr, legacy(t, "fpm")
}

// Flask starts a Flask application on its development server.
func Flask(t testing.TB) string {
	t.Helper()
	const install = "apt-get install python3-flask"
	python := Need(t, install, "/usr/bin/python3", "python3")
	if exec.Command(python, "-c", "import flask").Run() != nil {
		Missing(t, "flask", install)
	}
	return app(t, exec.Command(python, legacy(t, "flask/app.py")))
}

// Node starts an application of integration/legacy/node: express, fastify or nest.
func Node(t testing.TB, name string) string {
	t.Helper()
	node := Need(t, "install Node.js", "node")
	NeedFile(t, "npm ci in integration/legacy/node", legacy(t, "node/node_modules"))
	return app(t, exec.Command(node, legacy(t, "node/"+name+".js")))
}

// app starts an application that listens at $ADDR.
func app(t testing.TB, cmd *exec.Cmd) string {
	t.Helper()
	addr := FreeAddr(t)
	cmd.Env = append(os.Environ(), "ADDR="+addr)
	Start(t, cmd, Listening(addr))
	return addr
}

// Handler serves h, for what no real server can be made to do.
func Handler(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.Listener.Addr().String()
}

// legacy is the path of a file of integration/legacy.
func legacy(t testing.TB, name string) string {
	t.Helper()
	return filepath.Join(Root(t), "integration", "legacy", name)
}

// fill copies a file of integration/legacy to a temporary folder, with values
// for its ${NAME}s given as pairs, and returns the copy's path.
func fill(t testing.TB, name string, pairs ...string) string {
	t.Helper()
	content, err := os.ReadFile(legacy(t, name))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for i := 0; i < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "${"+pairs[i]+"}", pairs[i+1])
	}
	return filepath.Join(Folder(t, map[string]string{filepath.Base(name): text}), filepath.Base(name))
}
