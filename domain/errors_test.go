package domain_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"

	"wxlogin/domain"
)

func TestEveryPromiseHasACodeOfItsOwnAndAKind(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{}
	for _, e := range domain.Promised() {
		if !snake.MatchString(e.Code) {
			t.Errorf("code %q: want snake_case", e.Code)
		}
		if seen[e.Code] {
			t.Errorf("code %q: want it once", e.Code)
		}
		seen[e.Code] = true
		if e.Kind < domain.KindInvalid || e.Kind > domain.KindUnavailable {
			t.Errorf("%s: got kind %d, want one of the list", e.Code, e.Kind)
		}
		if e.Error() != e.Code {
			t.Errorf("%s: got text %q, want the code", e.Code, e.Error())
		}
	}
	if len(seen) == 0 {
		t.Error("got no promises, want all of them")
	}
}

func TestEveryPromiseIsItselfWhereItIsWrapped(t *testing.T) {
	for _, want := range domain.Promised() {
		err := fmt.Errorf("login: %w: %w", fmt.Errorf("adapter: %w", want), errors.New("cause"))
		var got *domain.Error
		if !errors.As(err, &got) || got != want {
			t.Errorf("As: got %v, want %v", got, want)
		}
		for _, other := range domain.Promised() {
			if got := errors.Is(err, other); got != (other == want) {
				t.Errorf("%v is %v: got %v, want %v", want, other, got, other == want)
			}
		}
	}
}

func TestPromisesCannotBeChangedThroughTheList(t *testing.T) {
	domain.Promised()[0] = nil
	if domain.Promised()[0] == nil {
		t.Error("got the list itself, want a copy")
	}
}

func TestOpenDataIsPresentIfAnythingIs(t *testing.T) {
	if (domain.OpenData{}).Present() {
		t.Error("nothing: got present, want absent")
	}
	for _, give := range []domain.OpenData{{EncryptedData: "a"}, {IV: "a"}, {RawData: "a"}, {Signature: "a"}} {
		if !give.Present() {
			t.Errorf("%+v: got absent, want present", give)
		}
	}
}
