package serviceclients_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/serviceclients"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	shopSecret = "wxc_shop-secret"
	postSecret = "wxc_post-secret"
)

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// backends are two clients, one that somebody gave an empty secret, and one whose
// hash is the one that unknown clients have.
var backends = config.Clients{All: []config.Client{
	{ID: "shop", SecretHash: hash(shopSecret), Apps: []domain.AppID{"wx1"}},
	{ID: "post", SecretHash: hash(postSecret), Apps: []domain.AppID{"wx1", "wx2"}},
	{ID: "bare", SecretHash: hash(""), Apps: []domain.AppID{"wx1"}},
	{ID: "zero", SecretHash: strings.Repeat("0", 64), Apps: []domain.AppID{"wx1"}},
}}

func directory(t *testing.T, cfg config.Clients) *serviceclients.Directory {
	t.Helper()
	d, err := serviceclients.NewDirectory(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestClientIsKnownByItsOwnIDAndSecret(t *testing.T) {
	d := directory(t, backends)
	for _, tt := range []struct {
		id, secret string
		want       domain.ServiceClient
	}{
		{"shop", shopSecret, domain.ServiceClient{ID: "shop", Apps: []domain.AppID{"wx1"}}},
		{"post", postSecret, domain.ServiceClient{ID: "post", Apps: []domain.AppID{"wx1", "wx2"}}},
	} {
		got, err := d.Identify(tt.id, domain.NewSecret(tt.secret))
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: got %v, client (-want +got):\n%s", tt.id, err, diff)
		}
	}
}

func TestEveryoneElseIsRefusedAlike(t *testing.T) {
	d := directory(t, backends)
	tests := []struct{ name, id, secret string }{
		{"a wrong secret", "shop", "wxc_shop-secrat"},
		{"another client's secret", "shop", postSecret},
		{"the secret cut short", "shop", shopSecret[:len(shopSecret)-1]},
		{"the secret and more", "shop", shopSecret + " "},
		{"the hash for the secret", "shop", hash(shopSecret)},
		{"no secret", "shop", ""},
		{"no secret, of a client that was given none", "bare", ""},
		{"an unknown id", "shup", shopSecret},
		{"an unknown id and no secret", "shup", ""},
		{"an id in other letters", "Shop", shopSecret},
		{"no id", "", shopSecret},
		{"nothing at all", "", ""},
		{"a client whose hash is that of the unknown", "zero", shopSecret},
	}
	for _, tt := range tests {
		got, err := d.Identify(tt.id, domain.NewSecret(tt.secret))
		if err == nil || !errors.Is(err, domain.ErrClientInvalid) || err.Error() != domain.ErrClientInvalid.Error() {
			t.Errorf("%s: got %v, want %v and no more", tt.name, err, domain.ErrClientInvalid)
		}
		if diff := cmp.Diff(domain.ServiceClient{}, got); diff != "" {
			t.Errorf("%s: client (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestDirectoryWithoutClientsKnowsNobody(t *testing.T) {
	if _, err := directory(t, config.Clients{}).Identify("shop", domain.NewSecret(shopSecret)); !errors.Is(err, domain.ErrClientInvalid) {
		t.Errorf("got %v, want %v", err, domain.ErrClientInvalid)
	}
}

func TestHashThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	for _, broken := range []string{"secret", "zz" + hash(shopSecret)[2:], hash(shopSecret)[:62], hash(shopSecret) + "00", ""} {
		_, err := serviceclients.NewDirectory(config.Clients{All: []config.Client{{ID: "shop", SecretHash: broken}}})
		if err == nil {
			t.Errorf("%q: got no error, want one", broken)
		} else if !strings.Contains(err.Error(), "shop") || (broken != "" && strings.Contains(err.Error(), broken)) {
			t.Errorf("%q: got %v, want the client's id and not the text", broken, err)
		}
	}
}

func TestModulePlugsTheDirectoryIn(t *testing.T) {
	var d ports.ServiceClientDirectory
	app := fxtest.New(t, serviceclients.Module, fx.Supply(backends), fx.Populate(&d))
	app.RequireStart().RequireStop()
	if got, err := d.Identify("shop", domain.NewSecret(shopSecret)); err != nil || got.ID != "shop" {
		t.Errorf("got %v and %v, want the shop", got, err)
	}
}
