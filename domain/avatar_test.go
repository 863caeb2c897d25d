package domain_test

import (
	"strings"
	"testing"

	"wxlogin/domain"
)

const random43 = "0123456789abcdefghijklmnopqrstuvwxyz-_ABCDE"

func TestAvatarsNameTellsItsOwnerButNotTheID(t *testing.T) {
	const id = "0198c0de-0000-7000-8000-000000000001"
	name := domain.NewAvatarName(id, domain.NewSecret(random43))
	parsed, ok := domain.ParseAvatarName(string(name))
	if !ok || parsed != name {
		t.Errorf("%s: got %q and %v, want it to be a name", name, parsed, ok)
	}
	if name.Owner() != domain.OwnerOfAvatars(id) || len(name.Owner()) != domain.AvatarOwnerLength {
		t.Errorf("got owner %s, want %s", name.Owner(), domain.OwnerOfAvatars(id))
	}
	if strings.Contains(string(name), id[:8]) || !strings.HasSuffix(string(name), random43) {
		t.Errorf("got %s, want nothing of the ID and all that is random in it", name)
	}
	if domain.OwnerOfAvatars("id1") == domain.OwnerOfAvatars("id2") {
		t.Error("got one owner of two users")
	}
}

func TestWhatIsNoAvatarsNameIsRefused(t *testing.T) {
	whole := string(domain.NewAvatarName("id1", domain.NewSecret(random43)))
	for _, give := range []string{
		"", "x", whole[1:], whole + "a", whole[:62] + "/", "../" + whole[3:], whole[:30] + "." + whole[31:], whole[:62] + "\x00",
		whole[:60] + "头", whole[:62] + "=", " " + whole[1:], whole[:62] + "\n", whole[:31] + "+" + whole[32:],
	} {
		if got, ok := domain.ParseAvatarName(give); ok || got != "" {
			t.Errorf("%q: got %q and %v, want nothing and false", give, got, ok)
		}
		_ = domain.AvatarName(give).Owner() // whatever it is, it does not panic
	}
}
