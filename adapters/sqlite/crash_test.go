package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
)

// victimDir is set where the test binary is to be the process that is killed. It
// names the directory to write in.
const victimDir = "WXLOGIN_TEST_VICTIM_DIR"

// crashRounds may be set to kill more often than usual.
const crashRounds = "WXLOGIN_TEST_CRASH_ROUNDS"

// victim makes users, logs them in, refreshes and logs out until it is killed, and
// prints each one's number as soon as all its writes are acknowledged. No two victims use the same numbers.
func victim(dir string) int {
	store := sqlite.NewStore(config.SQLite{Dir: dir}, machineClock{})
	ctx := context.Background()
	if err := store.Open(ctx); err != nil {
		fmt.Println("open:", err)
		return 1
	}
	first := int64(os.Getpid()) * 1_000_000
	var count atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for {
				n := int(first + count.Add(1))
				if err := writeAll(ctx, store, n); err != nil {
					fmt.Println("write:", err)
					return
				}
				fmt.Println(n) // one write to the pipe: it is whole or not there
			}
		})
	}
	wg.Wait()
	return 1
}

// writeAll does each kind of write once for the n-th user.
func writeAll(ctx context.Context, store *sqlite.Store, n int) error {
	refreshes := sqlite.NewRefreshRepository(store)
	if _, _, err := sqlite.NewUserRepository(store).RecordLogin(ctx, visitor(n)); err != nil {
		return err
	}
	phone := domain.SealedPhone{Text: fmt.Sprint("sealed", n), Index: "phone", At: time.Now()}
	if _, err := sqlite.NewProfileRepository(store).ChangeProfile(ctx, visitor(n).Identity.Key(), domain.ProfileChange{Phone: phone}); err != nil {
		return err
	}
	if err := sqlite.NewSessionRepository(store).Save(ctx, session(n)); err != nil {
		return err
	}
	if _, err := refreshes.Claim(ctx, claim(n)); err != nil {
		return err
	}
	if _, err := refreshes.Renew(ctx, renewed(n), session(n).Refresh); err != nil {
		return err
	}
	return sqlite.NewRevocationLog(store).Record(ctx, revocation(n))
}

func TestAcknowledgedWritesSurviveKill(t *testing.T) {
	rounds := 5
	if set := os.Getenv(crashRounds); set != "" {
		var err error
		if rounds, err = strconv.Atoi(set); err != nil {
			t.Fatalf("%s: %v", crashRounds, err)
		}
	}
	dir := t.TempDir()
	acknowledged := map[int]bool{}
	for range rounds {
		before := len(acknowledged)
		runVictim(t, dir, acknowledged)
		if len(acknowledged) == before {
			t.Error("got no write acknowledged before the kill, want some: the round proves nothing")
		}
		wantAll(t, dir, acknowledged)
	}
	t.Logf("%d acknowledged writes survived %d kills", 6*len(acknowledged), rounds)
}

// runVictim starts a victim, kills it within half a second of its first
// acknowledgement, and adds what it acknowledged.
func runVictim(t *testing.T, dir string, acknowledged map[int]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var death *time.Timer
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the end; what is cut off was not acknowledged
		}
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Errorf("victim: %s", line)
			continue
		}
		acknowledged[n] = true
		if death == nil {
			death = time.AfterFunc(rand.N(500*time.Millisecond), func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // it was killed
}

// wantAll opens what the victims left and looks for each write that was
// acknowledged.
func wantAll(t *testing.T, dir string, acknowledged map[int]bool) {
	t.Helper()
	store := open(t, dir)
	defer closeStore(t, store)
	log, err := sqlite.NewRevocationLog(store).FindSince(t.Context(), time.Time{}, time.Now())
	if err != nil {
		t.Fatalf("FindSince: got %v, want no error", err)
	}
	revoked := map[domain.SessionID]bool{}
	for _, v := range log {
		revoked[v.SessionID] = true
	}
	users, refreshes := sqlite.NewUserRepository(store), sqlite.NewRefreshRepository(store)
	for n := range acknowledged {
		want := renewed(n)
		user, err := users.Find(t.Context(), want.UserID)
		if err != nil || user.Phone.Text != fmt.Sprint("sealed", n) {
			t.Errorf("user %d was acknowledged: got %v and error %v, want it found, with the phone", n, user, err)
		}
		got, err := refreshes.FindByFamily(t.Context(), want.Family, time.Now())
		if err != nil || got.ID != want.ID || got.Refresh != want.Refresh {
			t.Errorf("session %d was renewed: got %v and error %v, want it so", n, got, err)
		}
		if got, err := refreshes.FindClaim(t.Context(), session(n).Refresh); err != nil || got.Child != want.Refresh {
			t.Errorf("claim %d was acknowledged: got %v and error %v, want it found", n, got, err)
		}
		if !revoked[want.ID] {
			t.Errorf("revocation %d was acknowledged: got none, want it found", n)
		}
	}
	wantIntegrity(t, store)
}

func wantIntegrity(t *testing.T, store *sqlite.Store) {
	t.Helper()
	var verdict string
	err := store.Reads().QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict)
	if err != nil || verdict != "ok" {
		t.Errorf("integrity_check: got %q and error %v, want ok", verdict, err)
	}
}
