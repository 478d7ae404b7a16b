package normalize

func Leak(string) string                                     { return "" }
func phrase(m, f string, s int, r *Request) (string, string) { return m, "" }
func MatchPath(p, s string) bool                             { return p == s }
func validatePattern(string) error                           { return nil }

type challenger struct{}

func newChallenger(*ChallengeConfig) (*challenger, error) { return nil, nil }
func (*challenger) challenge(req *Request, resp *Response, v *Verdict, rule *compiledRule) (a, b []string) {
	return
}
