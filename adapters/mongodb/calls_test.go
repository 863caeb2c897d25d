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
