package modulo

import (
	"net/url"
	"strings"
	"unicode"
)

// caratteriURL is the greatest length of a web address.
const caratteriURL = 2000

// leggiURL reads the address of a web page: http or https, with a host that has
// a name and a dot in it, without credentials. Scheme and host are put in small
// letters, the port that the scheme implies is dropped; "www.x.it" alone is
// taken for https. IP addresses in brackets are refused.
func leggiURL(s string) (string, bool) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>\"\\^`{|}", r) }) {
		return "", false
	}
	if strings.HasPrefix(strings.ToLower(s), "www.") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" || u.User != nil {
		return "", false
	}
	host, porta := strings.ToLower(u.Hostname()), u.Port()
	if !nomeHost(host) || (porta == "" && strings.Contains(u.Host, ":")) {
		return "", false
	}
	testo := u.Scheme + "://" + host
	if porta != "" && porta != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		testo += ":" + porta
	}
	testo += u.EscapedPath()
	if u.RawQuery != "" {
		testo += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		testo += "#" + u.EscapedFragment()
	}
	return testo, true
}

func nomeHost(h string) bool {
	if len(h) > 253 || !strings.Contains(h, ".") {
		return false
	}
	for _, e := range strings.Split(h, ".") {
		if e == "" || len(e) > 63 || e[0] == '-' || e[len(e)-1] == '-' {
			return false
		}
		for _, r := range e {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return false
			}
		}
	}
	return true
}
