package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"wxlogin/domain"
)

const family = "👨\u200d👩\u200d👧"

func TestNicknameIsWhatAPersonTypedWithoutTheBlanksAround(t *testing.T) {
	for give, want := range map[string]string{
		"小明":                          "小明",
		" \t小明\u3000\n":               "小明",
		"a b":                         "a b",
		family:                        family,
		"❤\ufe0f":                     "❤\ufe0f",
		"微信用户2":                       "微信用户2",
		"é":                           "é",
		"عمر":                         "عمر",
		strings.Repeat("n", 32):       strings.Repeat("n", 32),
		strings.Repeat("𠀀", 32) + " ": strings.Repeat("𠀀", 32),
	} {
		if got, ok := domain.ParseNickname(give); got != want || !ok {
			t.Errorf("%q: got %q and %v, want %q and true", give, got, ok, want)
		}
	}
}

func TestWhatIsNoNicknameIsRefused(t *testing.T) {
	tests := []struct{ name, give string }{
		{"nothing", ""},
		{"blanks", " \t\u3000\u00a0\n"},
		{"33 characters", strings.Repeat("名", 33)},
		{"WeChat's placeholder", "微信用户"},
		{"the placeholder in blanks", "\u3000微信用户 "},
		{"invisible characters", "\u200b\u200d\ufeff"},
		{"a filler of Hangul", "\u3164"},
		{"other fillers", "\u115f\u1160\uffa0"},
		{"an empty cell of Braille", "\u2800"},
		{"selectors of variants", "\ufe0f\U000e0100"},
		{"a control character", "a\x00b"},
		{"an escape", "a\x1b[2Jb"},
		{"a line break", "a\nb"},
		{"a line separator", "a\u2028b"},
		{"a C1 control character", "a\u0085b"},
		{"an override of direction", "a\u202eb"},
		{"an isolate", "a\u2066b\u2069"},
		{"a mark of direction", "a\u200fb"},
		{"bytes that are no UTF-8", "a\xffb"},
		{"half a character", "a\xe5\xb0"},
		{"a lone surrogate, as JSON decodes it", "a\ufffdb"},
	}
	for _, tt := range tests {
		if got, ok := domain.ParseNickname(tt.give); got != "" || ok {
			t.Errorf("%s: got %q and %v, want nothing and false", tt.name, got, ok)
		}
	}
}

// What passes once passes wherever it is looked at again, and is stored.
func FuzzNicknameIsOneOfItself(f *testing.F) {
	for _, seed := range []string{"小明", " a ", family, "微信用户", "a\u202eb", "\xff", strings.Repeat("n", 33), "\u0085a\u0085"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := domain.ParseNickname(text)
		if !ok {
			if got != "" {
				t.Errorf("%q: got %q of what is refused", text, got)
			}
			return
		}
		if again, ok := domain.ParseNickname(got); again != got || !ok {
			t.Errorf("%q: got %q and %v, want it unchanged", got, again, ok)
		}
		if known := (domain.Profile{Nickname: got}).Known().Nickname; known != got {
			t.Errorf("%q: got %q known, want all of it", got, known)
		}
		if n := utf8.RuneCountInString(got); n < 1 || n > domain.MaxNickname || !utf8.ValidString(got) || !strings.Contains(text, got) {
			t.Errorf("%q of %q: got %d characters, want 1 to %d of what was typed", got, text, n, domain.MaxNickname)
		}
	})
}
