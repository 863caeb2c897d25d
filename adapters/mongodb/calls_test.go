package mongodb_test

import (
	"fmt"
	"sync"
	"testing"
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
