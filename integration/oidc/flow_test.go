// Package oidc has a client get through to a legacy service with nothing but
// what our challenges tell it.
package oidc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// outcome is what the client saw of one request.
type outcome struct {
	Status     int
	Error      string // of the token endpoint
	Body       struct{ Code, Description string }
	Challenge  string // the field as received
	Challenges []struct {
		Scheme     string
		Parameters map[string]string
	}
}

func TestClientStepsUpByOurChallenges(t *testing.T) {
	const install = "install Node.js 20 or later, and run npm ci in integration/oidc"
	node := harness.Need(t, install, "node")
	folder := filepath.Join(harness.Root(t), "integration", "oidc")
	harness.NeedFile(t, install, filepath.Join(folder, "node_modules"))

	issuerPort, usersPort := harness.FreePort(t), harness.FreePort(t)
	issuer, users := fmt.Sprintf("http://localhost:%d", issuerPort), fmt.Sprintf("http://localhost:%d", usersPort)
	program := func(name string, env ...string) *exec.Cmd {
		cmd := exec.Command(node, name)
		cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
		return cmd
	}
	authorizationServer, resourceServer := harness.FreeAddr(t), harness.FreeAddr(t)
	harness.Start(t, program("authorization-server.mjs", "ADDR="+authorizationServer, "ISSUER="+issuer), harness.Listening(authorizationServer))
	harness.Start(t, program("resource-server.mjs", "ADDR="+resourceServer, "INTROSPECTION=http://"+authorizationServer+"/token/introspection"), harness.Listening(resourceServer))
	harness.StartCaddy(t, fmt.Sprintf(`
http://localhost:%d {
	normalize_errors
	reverse_proxy %s
}
http://localhost:%d {
	normalize_errors {
		challenge {
			realm users
			scope /users users.read users.write
		}
	}
	reverse_proxy %s
}
`, issuerPort, authorizationServer, usersPort, resourceServer))

	tell := func(resource string) (story map[string]outcome) {
		cmd := program("client.mjs", "ISSUER="+issuer, "RESOURCE="+resource)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, &stderr)
		}
		if err := json.Unmarshal(out, &story); err != nil {
			t.Fatal(err)
		}
		return story
	}
	story := tell(users)

	type params = map[string]string
	for _, test := range []struct {
		step, when string
		status     int
		code       string
		scheme     string // none: no challenge
		params     params
	}{
		{"stranger", "a token that nobody issued", 401, "UNAUTHORIZED", "bearer", params{"realm": "users", "error": "invalid_token"}},
		{"read", "a small scope is enough to read", 200, "", "", nil},
		{"refused", "and not to write", 403, "FORBIDDEN", "bearer", params{"realm": "users", "error": "insufficient_scope", "scope": "users.read users.write"}},
		{"steppedUp", "the scope of the challenge is", 201, "", "", nil},
		{"revoked", "a revoked token", 401, "UNAUTHORIZED", "bearer", params{"realm": "users", "error": "invalid_token"}},
		{"renewed", "and the one after it", 200, "", "", nil},
		{"proved", "a DPoP token, for which the service wants a nonce", 200, "", "", nil},
		{"wrongSecret", "a wrong secret is for the token endpoint to refuse", 401, "", "basic", params{"realm": issuer, "error": "invalid_client", "error_description": "client authentication failed"}},
		{"wrongGrant", "and so is a grant that it does not know", 400, "", "", nil},
	} {
		t.Run(test.step, func(t *testing.T) {
			got, ok := story[test.step]
			if !ok || got.Status != test.status || got.Body.Code != test.code {
				t.Fatalf("%s: got %+v, want %d %s", test.when, got, test.status, test.code)
			}
			switch {
			case test.scheme == "" && len(got.Challenges) > 0:
				t.Errorf("%s: got %v", test.when, got.Challenges)
			case test.scheme != "" && (len(got.Challenges) != 1 || got.Challenges[0].Scheme != test.scheme || !maps.Equal(got.Challenges[0].Parameters, test.params)):
				t.Errorf("%s: got %v, want %s %v", test.when, got.Challenges, test.scheme, test.params)
			}
		})
	}
	if got := story["nobody"]; got.Status != 401 || got.Challenge != `Bearer realm="users"` {
		t.Errorf("without a token: got %d and %q", got.Status, got.Challenge)
	}
	if got := story["wrongGrant"].Error; got != "unsupported_grant_type" {
		t.Errorf("the token endpoint's error arrives as %q", got)
	}

	// It is our challenges that it goes by: the service alone leaves it helpless.
	alone := tell("http://" + resourceServer)
	if alone["read"].Status != 200 || alone["refused"].Status != 403 {
		t.Fatalf("the service alone does not do as it should: %+v", alone)
	}
	for _, step := range []string{"steppedUp", "renewed"} {
		if got, ok := alone[step]; ok {
			t.Errorf("%s without us in between: %+v", step, got)
		}
	}
}
