package prose

import "strings"

// minPersonalDigits is the fewest digits of a number that tells who someone
// is: a resident registration number of Korea has seven that are not masked.
const minPersonalDigits = 7

// atLeak reports an e-mail address or credentials before a host.
func atLeak(t string) string {
	for i := 1; i < len(t); i++ {
		if t[i] != '@' {
			continue
		}
		domain := t[i+1:]
		if domain == "" || !isAlnum(domain[0]) && domain[0] != '[' {
			continue
		}
		if !isWord(t[i-1]) && strings.IndexByte(".+-%!$", t[i-1]) < 0 {
			continue
		}
		local := t[:i]
		if colon := strings.IndexByte(local, ':'); colon > 0 && !strings.HasPrefix(local, "mailto:") && colon+1 < len(local) {
			return "dsn"
		}
		return "email"
	}
	return ""
}

// foreignEmail reports an e-mail address that is partly outside ASCII (RFC 6531).
func foreignEmail(text string) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] != '@' || !isWord(text[i-1]) && text[i-1] < 0x80 {
			continue
		}
		domain := text[i+1:]
		if end := strings.IndexAny(domain, " \t\"'()<>,;"); end >= 0 {
			domain = domain[:end]
		}
		if domain != "" && (isWord(domain[0]) || domain[0] >= 0x80) && strings.IndexByte(domain, '.') > 0 {
			return true
		}
	}
	return false
}

// personalNumber reports the number of a payment card, a Korean resident
// registration number, a Japanese individual number where the text calls it so,
// or a US social security number.
func personalNumber(text string) string {
	if bankAccount(text) {
		return "account number"
	}
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		start := i
		var digits [19]byte
		n, groups := 0, 0
		var sizes [8]int
		for i < len(text) {
			group := i
			for i < len(text) && isDigit(text[i]) {
				if n < len(digits) {
					digits[n] = text[i] - '0'
				}
				n++
				i++
			}
			if groups < len(sizes) {
				sizes[groups] = i - group
			}
			groups++
			if i+1 < len(text) && (text[i] == ' ' || text[i] == '-') && isDigit(text[i+1]) {
				i++
				continue
			}
			break
		}
		if start > 0 && (isWord(text[start-1]) || text[start-1] == '+') || i < len(text) && isWord(text[i]) {
			continue
		}
		run := text[start:i]
		switch {
		case n == 13 && groups == 2 && sizes[0] == 6 && run[6] == '-' && residentNumber(digits[:n], false),
			n == 13 && groups == 1 && residentNumber(digits[:n], true),
			n == 9 && groups == 3 && sizes[0] == 3 && sizes[1] == 2 && run[3] == '-':
			return "personal number"
		case n >= 10 && n <= 11 && groups == 3 && sizes[0] == 3 && sizes[2] == 4 && mobilePrefix(run) && !strings.HasSuffix(run, "1234-5678") && !strings.HasSuffix(run, "0000-0000"):
			return "phone number"
		case n == 7 && groups == 2 && sizes[0] == 6 && strings.HasPrefix(text[i:], "***") && residentNumber(digits[:n], false),
			n == 12 && (strings.Contains(text, "マイナンバー") || strings.Contains(text, "個人番号")):
			return "personal number"
		case n >= 13 && n <= len(digits) && CardNumber(digits[:n]) && (groups == 1 || sizes[0] == 4):
			return "card number"
		}
	}
	return ""
}

// mobilePrefix reports whether run begins as a mobile number of Korea or Japan
// does. (Those that end in 1234-5678 are examples.)
func mobilePrefix(run string) bool {
	switch run[:4] {
	case "010-", "011-", "016-", "017-", "018-", "019-", "070-", "080-", "090-":
		return true
	}
	return false
}

// bankAccount reports whether text holds an international bank account number
// (ISO 13616), in groups or not.
func bankAccount(text string) bool {
	for i := 0; i+minIBAN <= len(text); i++ {
		if !isUpper(text[i]) || !isUpper(text[i+1]) || !isDigit(text[i+2]) || !isDigit(text[i+3]) || i > 0 && isWord(text[i-1]) {
			continue
		}
		var number [maxIBAN]byte
		n, end := 0, i
		for ; end < len(text) && n < maxIBAN; end++ {
			if c := text[end]; isDigit(c) || isUpper(c) {
				number[n] = c
				n++
			} else if c != ' ' || end+1 == len(text) || !isDigit(text[end+1]) && !isUpper(text[end+1]) {
				break
			}
		}
		if n >= minIBAN && (end == len(text) || !isWord(text[end])) && mod97(number[:n]) == 1 {
			return true
		}
	}
	return false
}

// The lengths of an IBAN.
const minIBAN, maxIBAN = 15, 34

// mod97 is the remainder of an IBAN by ISO/IEC 7064 MOD 97-10: the first four
// characters moved to the end, letters counted from 10.
func mod97(iban []byte) int {
	m := 0
	for i := range iban {
		if c := iban[(i+4)%len(iban)]; isDigit(c) {
			m = (m*10 + int(c-'0')) % 97
		} else {
			m = (m*100 + int(c-'A') + 10) % 97
		}
	}
	return m
}

// CardNumber reports whether d, 13 to 19 digits by value, has an issuer's prefix
// (ISO/IEC 7812) of its length and the right check digit.
func CardNumber(d []byte) bool {
	two := int(d[0])*10 + int(d[1])
	four := two*100 + int(d[2])*10 + int(d[3])
	switch {
	case d[0] == 4 && (len(d) == 13 || len(d) == 16 || len(d) == 19): // Visa
	case len(d) == 16 && (51 <= two && two <= 55 || 2221 <= four && four <= 2720): // Mastercard
	case len(d) == 15 && (two == 34 || two == 37): // American Express
	case len(d) == 14 && (two == 36 || two == 38 || two == 39 || 3000 <= four && four <= 3059): // Diners Club
	case len(d) >= 16 && (3088 <= four && four <= 3589 || four == 6011 || two == 62 || two == 64 || two == 65 || two == 60 || two == 81 || two == 94): // JCB, Discover, UnionPay, RuPay, Korean issuers
	case len(d) >= 13 && (two == 50 || 56 <= two && two <= 58 || two == 63 || two == 67): // Maestro
	default:
		return false
	}
	return luhn(d)
}

// luhn checks the last digit of d (ISO/IEC 7812-1 annex B).
func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		v := int(d[len(d)-1-i])
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// residentNumber reports whether d is a Korean resident registration number: a
// date of birth, a digit of century and sex, and, for those given out before
// October 2020, a check digit, which strict asks for.
func residentNumber(d []byte, strict bool) bool {
	month, day := d[2]*10+d[3], d[4]*10+d[5]
	if month < 1 || month > 12 || day < 1 || day > 31 || d[6] < 1 || d[6] > 8 {
		return false
	}
	if !strict {
		return true
	}
	sum := 0
	for i, weight := range [...]int{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5} {
		sum += int(d[i]) * weight
	}
	return (11-sum%11)%10 == int(d[12])
}
