package domain

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[REDACTED]"

// Secret is a string that cannot be printed: not by any verb of fmt, not nested
// in another value, not as JSON, not by slog. Its text comes out of Reveal and
// of nothing else. The zero Secret is empty. Secrets are not comparable with ==
// by their text.
type Secret struct {
	// Behind a pointer, because fmt ignores methods on unexported fields.
	value *string
}

// NewSecret wraps text.
func NewSecret(text string) Secret { return Secret{value: &text} }

// Reveal returns the text. Every call of it is a place to audit.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is nothing to reveal.
func (s Secret) Empty() bool { return s.value == nil || *s.value == "" }

// Format implements fmt.Formatter: every verb prints the same word.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, redacted) }

// String implements fmt.Stringer.
func (s Secret) String() string { return redacted }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler, and with it JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
