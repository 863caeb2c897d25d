package memory_test

import (
	"fmt"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// clock is a ports.Clock that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestUserRepository(t *testing.T) {
	contract.UserRepository(t, func(*testing.T) ports.UserRepository {
		return memory.NewUserRepository()
	})
}

func TestSessionRepository(t *testing.T) {
	contract.SessionRepository(t, func(*testing.T) ports.SessionRepository {
		return memory.NewSessionRepository(&clock{time.Now().UTC()})
	})
}

func TestMemoryHoldsNoMoreThanTwiceWhatIsLive(t *testing.T) {
	const perHour = 100
	frozen := &clock{time.Now().UTC()}
	sessions := memory.NewSessionRepository(frozen)
	for i := range 50 * perHour {
		s := domain.Session{
			ID:         domain.SessionID(fmt.Sprint(i)),
			Identity:   domain.IdentityKey(fmt.Sprint(i)),
			ExpiresAt:  frozen.now.Add(time.Hour),
			AbsoluteAt: frozen.now.Add(time.Hour),
		}
		if err := sessions.Save(t.Context(), s); err != nil {
			t.Fatalf("Save: got %v, want no error", err)
		}
		if held, owners := sessions.Held(), sessions.Owners(); held > 2*perHour+1 || owners > held {
			t.Fatalf("after %d saves: got %d sessions of %d owners, want at most %d", i+1, held, owners, 2*perHour+1)
		}
		frozen.now = frozen.now.Add(time.Hour / perHour)
	}
}
