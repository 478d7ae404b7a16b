package normalize

func Leak(string) string                                     { return "" }
func phrase(m, f string, s int, r *Request) (string, string) { return m, "" }
