package domain

import "strings"

const (
	maxRecordKey = 64
	openIDLength = 28 // of those that WeChat gave out as far as is known, which begin with an o
)

// RecordKey returns text if it may name f's record wherever there are people to
// read it, and otherwise nothing. It may be of letters, digits and -_.: alone, so
// that neither terminals nor shells take it for anything else, does not begin
// with a -, and tells of nobody: not of f, and not of somebody else either.
func (f FormerUser) RecordKey(text string) string {
	if text == "" || len(text) > maxRecordKey || text[0] == '-' || strings.ContainsFunc(text, outsideKeys) {
		return ""
	}
	if o := strings.IndexByte(text, 'o'); o >= 0 && len(text)-o >= openIDLength {
		return ""
	}
	for _, name := range []string{string(f.OpenID), string(f.UnionID)} {
		if name = strings.TrimSpace(name); name != "" && strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
			return ""
		}
	}
	return text
}

func outsideKeys(r rune) bool {
	letter := (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z')
	digit := r >= '0' && r <= '9'
	return !letter && !digit && !strings.ContainsRune("-_.:", r)
}
