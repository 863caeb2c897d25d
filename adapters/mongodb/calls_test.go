package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestManyLoginsAtOnceAreAllServed(t *testing.T) { // T-20
	store := opened(t, testkit.MongoDB(t))
	users, sessions := mongodb.NewUserRepository(store), mongodb.NewSessionRepository(store)
	var phones sync.WaitGroup
	for phone := range 200 {
		phones.Go(func() {
			now := time.Now()
			visitor := domain.NewWeChatUser(domain.UserID(fmt.Sprint("u", phone)),
				domain.WeChatIdentity{AppID: "wx", OpenID: domain.OpenID(fmt.Sprint("o", phone%5))}, domain.Profile{}, now)
			user, _, err := users.RecordLogin(t.Context(), visitor)
			if err != nil {
				t.Errorf("phone %d: %v", phone, err)
				return
			}
			hour := domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour}
			if err := sessions.Save(t.Context(), domain.StartSession(domain.SessionID(visitor.ID), user, domain.Device{}, hour, now)); err != nil {
				t.Errorf("phone %d: %v", phone, err)
			}
		})
	}
	phones.Wait()
}

// A server that finds first and writes then would undo what was written between.
func TestLoginsBesideOtherWritesUndoNone(t *testing.T) {
	store := opened(t, testkit.MongoDB(t))
	users, profiles, deletions := mongodb.NewUserRepository(store), mongodb.NewProfileRepository(store), mongodb.NewDeletionRepository(store)
	now, key := time.Now().UTC().Truncate(time.Millisecond), visitor.Identity.Key()
	login := func(ctx context.Context) error { _, _, err := users.RecordLogin(ctx, visitor); return err }
	writes := []func(context.Context) error{
		login,
		func(ctx context.Context) error { _, err := users.SetBan(ctx, "u1", now); return err },
		login,
		func(ctx context.Context) error { return deletions.ScheduleDeletion(ctx, "u1", now) },
		login,
		func(ctx context.Context) error {
			_, err := profiles.ChangeProfile(ctx, key, domain.ProfileChange{Nickname: "chosen", At: now})
			return err
		},
		login,
	}
	for range 20 {
		if err := login(t.Context()); err != nil {
			t.Fatal(err)
		}
		var writers sync.WaitGroup
		for _, write := range writes {
			writers.Go(func() {
				if err := write(t.Context()); err != nil {
					t.Errorf("got %v, want no error", err)
				}
			})
		}
		writers.Wait()
		got, err := users.Find(t.Context(), "u1")
		if err != nil || got.BannedAt != now || got.DeletionAt != now || got.Profile.Nickname != "chosen" {
			t.Fatalf("got %+v and error %v, want all that was written", got, err)
		}
		if err := deletions.Erase(t.Context(), "u1", now); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUpdatesAreDoneOneAtATimeWhereTheServerMixesThemUp(t *testing.T) {
	for turns, want := range map[bool]time.Duration{true: 5 * time.Second, false: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			update, begin := mongodb.Update(turns), time.Now()
			var writers sync.WaitGroup
			for range 5 {
				writers.Go(func() {
					err := update(t.Context(), func(context.Context) error { time.Sleep(time.Second); return nil })
					if err != nil {
						t.Errorf("got %v, want no error", err)
					}
				})
			}
			writers.Wait()
			if took := time.Since(begin); took != want {
				t.Errorf("turns %t: five updates of a second took %v, want %v", turns, took, want)
			}
		})
	}
}

func TestWaitForATurnHasAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		update := mongodb.Update(true)
		hung := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		var writers sync.WaitGroup
		for range 50 {
			writers.Go(func() {
				begin := time.Now()
				err := update(t.Context(), hung)
				if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took > 9*time.Second {
					t.Errorf("got %v after %v, want %v within 9s", err, took, context.DeadlineExceeded)
				}
			})
		}
		writers.Wait()
	})
}
