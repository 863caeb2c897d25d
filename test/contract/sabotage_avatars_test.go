package contract_test

import (
	"testing"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
)

func TestFaultOfAvatarsFailsAndDoesWhatItSays(t *testing.T) {
	name := domain.NewAvatarName(user.ID, domain.NewSecret("0123456789012345678901234567890123456789012"))
	for kind, tt := range faults {
		t.Run(kind, func(t *testing.T) {
			healthy := memory.NewAvatarStore()
			has := func(what string, want bool) {
				if _, err := healthy.Get(t.Context(), name); (err == nil) != want {
					t.Errorf("%s: got error %v, want the picture there: %t", what, err, want)
				}
			}
			wantFailure(t, tt.aim(t, "Put").Avatars(healthy).Put(t.Context(), name, []byte("picture")))
			has("Put", tt.wantDone)
			if err := healthy.Put(t.Context(), name, []byte("picture")); err != nil {
				t.Fatal(err)
			}
			picture, err := tt.aim(t, "Get").Avatars(healthy).Get(t.Context(), name)
			wantFailure(t, err)
			if picture != nil {
				t.Errorf("got %q with the error, want nothing", picture)
			}
			wantFailure(t, tt.aim(t, "DeleteAvatar").Avatars(healthy).Delete(t.Context(), name))
			has("Delete", !tt.wantDone)
			if err := healthy.Put(t.Context(), name, []byte("picture")); err != nil {
				t.Fatal(err)
			}
			wantFailure(t, tt.aim(t, "DeleteAll").Avatars(healthy).DeleteAll(t.Context(), name.Owner()))
			has("DeleteAll", !tt.wantDone)
		})
	}
}
