package domain

// EventName says what happened, in snake_case. It is the same in logs and
// metrics.
type EventName string

// What operators want to count, and some of it to be told.
const (
	EventRefreshed       EventName = "refreshed"
	EventRefreshRepeated EventName = "refresh_repeated" // within the grace period: the same child again
	EventRefreshReused   EventName = "refresh_reused"   // a stolen token, likely; the session was ended
	EventRefreshUnknown  EventName = "refresh_unknown"  // no session has it, or its session has ended
	EventRefreshBanned   EventName = "refresh_banned"   // by a user who is kept out
	EventLoginRetried    EventName = "login_retried"    // answered from the session that is there
	EventSessionEnded    EventName = "session_ended"    // by its user
	EventSessionRevoked  EventName = "session_revoked"  // by a service client
	EventUserBanned      EventName = "user_banned"      // by an operator
	EventUserUnbanned    EventName = "user_unbanned"    // by an operator
)

// Event is something that happened, with as much as is known of whom to.
type Event struct {
	Name      EventName
	UserID    UserID
	SessionID SessionID
	AppID     AppID
}

// Grave reports whether an operator should read of it today.
func (e Event) Grave() bool { return e.Name == EventRefreshReused }
