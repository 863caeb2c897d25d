package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// canary is the form of all that canaries returns.
var canary = regexp.MustCompile(`(openid|unionid|nickname|former|address|picture|phone|index|device)-of-[0-9]{5}\.`)

// canaries are all that is known of the n-th person, by what it is.
func canaries(n int) map[string]string {
	all := map[string]string{}
	for _, what := range []string{"openid", "unionid", "nickname", "former", "address", "picture", "phone", "index", "device"} {
		all[what] = fmt.Sprintf("%s-of-%05d.", what, n*7919%100_000)
	}
	return all
}

// person is the n-th user, of whom everything is known; the lengths differ.
func person(n int) (domain.WeChatUser, domain.ProfileChange, domain.Session) {
	c := canaries(n)
	u := visitor(n)
	u.Identity.OpenID, u.Identity.UnionID = domain.OpenID(c["openid"]), domain.UnionID(c["unionid"])
	u.Profile = domain.Profile{Nickname: c["former"] + strings.Repeat("n", n%90), AvatarURL: c["address"] + strings.Repeat("u", n*n%1000)}
	u.NicknameAt, u.AvatarAt = u.CreatedAt, u.CreatedAt
	change := domain.ProfileChange{
		Nickname: c["nickname"] + strings.Repeat("x", n%70), Avatar: domain.AvatarName(c["picture"]), At: u.CreatedAt,
		Phone: domain.SealedPhone{Text: c["phone"], Index: domain.PhoneIndex(c["index"]), At: u.CreatedAt},
	}
	s := session(n)
	s.Identity, s.Device.Name = u.Identity.Key(), c["device"]
	return u, change, s
}

// live stores what comes of a person.
func live(t *testing.T, store *sqlite.Store, n int) {
	u, change, s := person(n)
	_, _, err := sqlite.NewUserRepository(store).RecordLogin(t.Context(), u)
	if err == nil {
		_, err = sqlite.NewProfileRepository(store).ChangeProfile(t.Context(), u.Identity.Key(), change)
	}
	if err == nil {
		_, err = sqlite.NewUnionRepository(store).ClaimUnion(t.Context(), domain.UnionClaim{Union: u.Identity.UnionID, UserID: u.ID})
	}
	if err == nil {
		err = sqlite.NewSessionRepository(store).Save(t.Context(), s)
	}
	if err != nil {
		t.Errorf("person %d: got %v, want no error", n, err)
	}
}

// leave removes all that is stored of a person.
func leave(t *testing.T, store *sqlite.Store, n int) {
	u, _, s := person(n)
	deletions := sqlite.NewDeletionRepository(store)
	err := sqlite.NewSessionRepository(store).Delete(t.Context(), u.ID, s.ID)
	if err == nil {
		err = sqlite.NewUnionRepository(store).ReleaseUnions(t.Context(), u.ID)
	}
	if err == nil {
		err = deletions.ScheduleDeletion(t.Context(), u.ID, u.CreatedAt)
	}
	if err == nil {
		err = deletions.Erase(t.Context(), u.ID, u.CreatedAt)
	}
	if err != nil {
		t.Errorf("person %d: got %v, want no error", n, err)
	}
}

// each does fn for the numbers from 0 to n-1 in scattered order, the
// same each time, some at a time.
func each(n int, fn func(n int)) {
	var wg sync.WaitGroup
	for i, which := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		wg.Go(func() { fn(which) })
		if i%100 == 99 {
			wg.Wait()
		}
	}
	wg.Wait()
}

// readable are the canaries that are in the file and in the log beside it.
func readable(t *testing.T, dir string) map[string]bool {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(dir, "wxlogin.db"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(filepath.Join(dir, "wxlogin.db-wal"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, text := range canary.FindAll(append(file, log...), -1) {
		found[string(text)] = true
	}
	return found
}

// wantNothingOf wants nothing of a person readable, and all of another who stays,
// but for what was replaced.
func wantNothingOf(t *testing.T, found map[string]bool, gone, stays int) {
	t.Helper()
	for what, text := range canaries(gone) {
		if found[text] {
			t.Errorf("got the %s of person %d in the files, want nothing of who was erased", what, gone)
		}
	}
	for what, text := range canaries(stays) {
		if found[text] == (what == "former") {
			t.Errorf("person %d stays: got the %s readable: %t", stays, what, found[text])
		}
	}
}
