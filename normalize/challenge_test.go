package normalize

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestParseChallenges(t *testing.T) {
	quoted := func(name, value string) AuthParam { return AuthParam{Name: name, Value: value} }
	token := func(name, value string) AuthParam { return AuthParam{Name: name, Value: value, Unquoted: true} }
	bare := func(scheme string) Challenge { return Challenge{Scheme: scheme} }
	with := func(scheme string, params ...AuthParam) Challenge { return Challenge{Scheme: scheme, Params: params} }

	for _, test := range []struct {
		name    string
		lines   []string
		want    []Challenge
		invalid []string
	}{
		{"no field", nil, nil, nil},
		{"an empty field", []string{""}, nil, nil},
		{"empty members only", []string{" , ,\t,"}, nil, nil},
		{"a scheme alone", []string{"Negotiate"}, []Challenge{bare("Negotiate")}, nil},
		{"a quoted parameter", []string{`Basic realm="Legacy Realm"`}, []Challenge{with("Basic", quoted("realm", "Legacy Realm"))}, nil},
		{"a parameter that is a token", []string{`Bearer max_age=300`}, []Challenge{with("Bearer", token("max_age", "300"))}, nil},
		{"white space around the equals sign", []string{"Bearer realm\t = \"x\" , error= y"}, []Challenge{with("Bearer", quoted("realm", "x"), token("error", "y"))}, nil},
		{"commas without white space", []string{`Bearer a=1,b="2",c=3`}, []Challenge{with("Bearer", token("a", "1"), quoted("b", "2"), token("c", "3"))}, nil},
		{"empty members between parameters", []string{`Bearer ,, a=1,, ,b=2,`}, []Challenge{with("Bearer", token("a", "1"), token("b", "2"))}, nil},
		{"commas, equals signs and schemes within quotes", []string{`Bearer realm="a, Basic realm=b, c"`}, []Challenge{with("Bearer", quoted("realm", "a, Basic realm=b, c"))}, nil},
		{"quoted pairs", []string{`Digest realm="a \"b\" \\ \c"`}, []Challenge{with("Digest", quoted("realm", `a "b" \ c`))}, nil},
		{"an empty quoted-string", []string{`Bearer realm=""`}, []Challenge{with("Bearer", quoted("realm", ""))}, nil},
		{"octets beyond ASCII in quotes", []string{"Basic realm=\"caf\xe9\""}, []Challenge{with("Basic", quoted("realm", "caf\xe9"))}, nil},
		{"several challenges in a field, as in RFC 9110 section 11.6.1", []string{`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`}, []Challenge{
			with("Basic", quoted("realm", "simple")),
			with("Newauth", quoted("realm", "apps"), token("type", "1"), quoted("title", `Login to "apps"`)),
		}, nil},
		{"several fields", []string{`Digest realm="x", nonce="1"`, "Negotiate", "NTLM TlRMTVNTUAACAAAA"}, []Challenge{
			with("Digest", quoted("realm", "x"), quoted("nonce", "1")), bare("Negotiate"), {Scheme: "NTLM", Token68: "TlRMTVNTUAACAAAA"},
		}, nil},
		{"a challenge that goes on in the next field line (section 5.3)", []string{`Bearer realm="x"`, `error="invalid_token"`}, []Challenge{with("Bearer", quoted("realm", "x"), quoted("error", "invalid_token"))}, nil},
		{"a scheme alone before another", []string{`Bearer, DPoP algs="ES256 PS256"`}, []Challenge{bare("Bearer"), with("DPoP", quoted("algs", "ES256 PS256"))}, nil},
		{"token68 with padding, before another challenge", []string{`Negotiate YII/+._~-==, Basic realm="x"`}, []Challenge{{Scheme: "Negotiate", Token68: "YII/+._~-=="}, with("Basic", quoted("realm", "x"))}, nil},
		{"a name with padding is a token68, not a parameter", []string{"Bearer realm="}, []Challenge{{Scheme: "Bearer", Token68: "realm="}}, nil},

		{"a message in the place of a challenge", []string{"Bearer token expired"}, nil, []string{"Bearer token expired"}},
		{"an invalid challenge before a valid one", []string{`Bearer token expired, Basic realm="x"`}, []Challenge{with("Basic", quoted("realm", "x"))}, []string{"Bearer token expired"}},
		{"an invalid challenge takes its parameters along", []string{`Bearer token expired, error="invalid_token", Basic realm="x"`}, []Challenge{with("Basic", quoted("realm", "x"))}, []string{`Bearer token expired, error="invalid_token"`}},
		{"a stray quote does not swallow the next challenge", []string{`Bearer can't read "token, Basic realm="x"`}, []Challenge{with("Basic", quoted("realm", "x"))}, []string{`Bearer can't read "token`}},
		{"an unfinished quoted-string swallows its line only", []string{`Bearer error="x, Basic realm=y`, "Negotiate"}, []Challenge{bare("Negotiate")}, []string{`Bearer error="x, Basic realm=y`}},
		{"an unfinished quoted pair", []string{`Bearer error="x\`}, nil, []string{`Bearer error="x\`}},
		{"text behind a quoted-string", []string{`Bearer realm="x"y`}, nil, []string{`Bearer realm="x"y`}},
		{"control characters in quotes", []string{"Basic realm=\"a\x00b\""}, nil, []string{"Basic realm=\"a\x00b\""}},
		{"a parameter without a value", []string{`Bearer realm="x", error=`}, nil, []string{`Bearer realm="x", error=`}},
		{"a value that is neither token nor quoted", []string{"Bearer realm=https://x/y"}, nil, []string{"Bearer realm=https://x/y"}},
		{"a parameter twice", []string{`Bearer error="a", Error="b", Basic realm="x"`}, []Challenge{with("Basic", quoted("realm", "x"))}, []string{`Bearer error="a", Error="b"`}},
		{"a parameter behind a token68", []string{`Negotiate YII, realm="x"`}, nil, []string{`Negotiate YII, realm="x"`}},
		{"a parameter without a scheme", []string{`realm="x"`, `Basic realm="y"`}, []Challenge{with("Basic", quoted("realm", "y"))}, []string{`realm="x"`}},
		{"no scheme at all", []string{`"Bearer" realm="x"`}, nil, []string{`"Bearer" realm="x"`}},
		{"more parameters than the bound", []string{"Bearer " + manyParams(maxAuthParams+1)}, nil, []string{"Bearer " + manyParams(maxAuthParams+1)}},
		{"more octets than the bound", []string{"Negotiate", "Basic " + strings.Repeat("x", maxChallengeBytes)}, []Challenge{bare("Negotiate")}, []string{("Basic " + strings.Repeat("x", 64))[:64]}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, invalid := ParseChallenges(test.lines)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("challenges: got %q, want %q", got, test.want)
			}
			if !slices.Equal(invalid, test.invalid) {
				t.Errorf("invalid: got %q, want %q", invalid, test.invalid)
			}
		})
	}
}

// manyParams returns n parameters of different names.
func manyParams(n int) string {
	params := make([]string, n)
	for i := range params {
		params[i] = "a" + strings.Repeat("b", i) + "=1"
	}
	return strings.Join(params, ", ")
}

func TestParseChallengesReadsAtMostThirtyTwo(t *testing.T) {
	got, invalid := ParseChallenges([]string{strings.Repeat("Basic,", 3*maxChallenges)})
	if len(got) != maxChallenges || len(invalid) != maxChallenges {
		t.Errorf("got %d challenges and %d invalid ones, want %d of each", len(got), len(invalid), maxChallenges)
	}
}

// Whatever a challenge holds, formatting and reading it again yields the same.
func TestChallengeRoundTrip(t *testing.T) {
	values := []string{"", "x", "a b", `"`, `\`, `\"`, `a\b"c`, "a, Basic realm=b", "=", "\t", "caf\xe9", "https://x/y?z=1"}
	var all []Challenge
	for _, v := range values {
		for _, w := range values {
			all = append(all, Challenge{Scheme: "X", Params: []AuthParam{{Name: "one", Value: v}, {Name: "two", Value: w}, {Name: "three", Value: "t", Unquoted: true}}})
		}
	}
	all = append(all, Challenge{Scheme: "Negotiate"}, Challenge{Scheme: "NTLM", Token68: "TlRM+/=="}, Challenge{Scheme: "!#$%&'*+-.^_`|~"})
	for _, want := range all {
		got, invalid := ParseChallenges([]string{want.String()})
		if len(got) != 1 || len(invalid) > 0 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s: got %q, invalid %q", want, got, invalid)
		}
	}
	// The same holds for all of them in one field, as far as one is read.
	for chunk := range slices.Chunk(all, maxChallenges) {
		lines := make([]string, len(chunk))
		for i := range chunk {
			lines[i] = chunk[i].String()
		}
		got, invalid := ParseChallenges([]string{strings.Join(lines, ", ")})
		if len(invalid) > 0 || !reflect.DeepEqual(got, chunk) {
			t.Errorf("joined: got %q, invalid %q", got, invalid)
		}
	}
}
