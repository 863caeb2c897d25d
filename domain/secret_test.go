package domain_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"wxlogin/domain"
)

const canary = "hush-hush-4f2a"

// holder has secrets wherever a value can be.
type holder struct {
	Exported domain.Secret
	hidden   domain.Secret
	Pointer  *domain.Secret
	List     []domain.Secret
	Array    [1]domain.Secret
	Values   map[string]domain.Secret
	Any      any
	Inner    struct{ domain.Secret }
}

func hold() holder {
	s := domain.NewSecret(canary)
	return holder{
		Exported: s, hidden: s, Pointer: &s,
		List: []domain.Secret{s}, Array: [1]domain.Secret{s},
		Values: map[string]domain.Secret{"k": s}, Any: s, Inner: struct{ domain.Secret }{s},
	}
}

// bare reports whether text shows the canary, plainly or as fmt would spell it.
func bare(text string) bool {
	text = strings.ToLower(text)
	for _, spelling := range []string{
		canary,
		hex.EncodeToString([]byte(canary)),
		strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"),
		strings.ReplaceAll(fmt.Sprintf("% x", canary), " ", ", 0x"),
	} {
		if strings.Contains(text, spelling) {
			return true
		}
	}
	return false
}

func TestSecretIsNotPrintedByAnyVerb(t *testing.T) {
	s := domain.NewSecret(canary)
	h := hold()
	values := map[string]any{
		"value": s, "pointer": &s, "struct": h, "struct pointer": &h, "slice": h.List, "array": h.Array,
		"map": h.Values, "map key": map[domain.Secret]int{s: 1}, "any slice": []any{s, &s, h}, "nested pointer": []*holder{&h},
	}
	for name, value := range values {
		for _, flags := range []string{"", "+", "#", " ", "-40", "040", ".3"} {
			for _, verb := range "vsqxXdboOcUeEfFgGtpTw!z" {
				format := "%" + flags + string(verb)
				if got := fmt.Sprintf(format, value); bare(got) {
					t.Errorf("%s by %s: got %s, want the text hidden", name, format, got)
				}
			}
		}
	}
}

func TestSecretSaysThatSomethingIsHidden(t *testing.T) {
	const want = "[REDACTED]"
	s := domain.NewSecret(canary)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(format, s); got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
	}
	if got := s.String(); got != want {
		t.Errorf("String: got %s, want %s", got, want)
	}
}

func TestSecretIsNotEncoded(t *testing.T) {
	h := hold()
	encodings := map[string]func() (string, error){
		"json": func() (string, error) { b, err := json.Marshal(h); return string(b), err },
		"json key": func() (string, error) {
			b, err := json.Marshal(map[domain.Secret]string{h.Exported: "v"})
			return string(b), err
		},
		"xml": func() (string, error) { b, err := xml.Marshal(h.List); return string(b), err },
		"template": func() (string, error) {
			var b bytes.Buffer
			err := template.Must(template.New("").Parse("{{.}} {{.Exported}} {{.Values}} {{.Inner}}")).Execute(&b, h)
			return b.String(), err
		},
	}
	for name, encode := range encodings {
		got, err := encode()
		if err != nil || bare(got) || !strings.Contains(got, "REDACTED") {
			t.Errorf("%s: got %s and error %v, want [REDACTED]", name, got, err)
		}
	}
}

func TestSecretIsNotLogged(t *testing.T) {
	handlers := map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	}
	for name, handler := range handlers {
		var out bytes.Buffer
		log, h := slog.New(handler(&out)).With("with", domain.NewSecret(canary)), hold()
		log.Info("a login", "secret", h.Exported, "pointer", h.Pointer, "struct", h, "list", h.List,
			slog.Group("group", "s", h.Exported), "error", fmt.Errorf("boom: %v %+v", h, h.Exported))
		if got := out.String(); bare(got) || !strings.Contains(got, "REDACTED") {
			t.Errorf("%s: got %s, want [REDACTED]", name, got)
		}
	}
}

func TestSecretIsNotInErrors(t *testing.T) {
	s := domain.NewSecret(canary)
	err := errors.Join(fmt.Errorf("login %s: %w", s, domain.ErrCodeUsed), fmt.Errorf("%+v %#v %q", hold(), hold(), s))
	for _, format := range []string{"%v", "%+v", "%#v", "%q"} {
		if got := fmt.Sprintf(format, err); bare(got) {
			t.Errorf("%s: got %s, want the text hidden", format, got)
		}
	}
}

func TestSecretIsRevealedByRevealAlone(t *testing.T) {
	tests := []struct {
		name      string
		give      domain.Secret
		want      string
		wantEmpty bool
	}{
		{"a text", domain.NewSecret(canary), canary, false},
		{"an empty text", domain.NewSecret(""), "", true},
		{"the zero value", domain.Secret{}, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.give.Reveal(); got != tt.want {
				t.Errorf("Reveal: got %q, want %q", got, tt.want)
			}
			if got := tt.give.Empty(); got != tt.wantEmpty {
				t.Errorf("Empty: got %v, want %v", got, tt.wantEmpty)
			}
			if got := fmt.Sprint(tt.give); got != "[REDACTED]" {
				t.Errorf("printed: got %s, want [REDACTED], empty or not", got)
			}
		})
	}
}
