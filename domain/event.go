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
	EventUserLinked      EventName = "user_linked"      // two users became one
	EventLinkConflict    EventName = "link_conflict"    // they would have, and an operator has to decide
	EventUserUnlinked    EventName = "user_unlinked"    // by an operator
	EventPhoneBound      EventName = "phone_bound"
	EventProfileCleared  EventName = "profile_cleared"    // as WeChat asked
	EventDeletionAsked   EventName = "deletion_requested" // by the user
	EventUserRestored    EventName = "user_restored"      // by a login in time
	EventUserErased      EventName = "user_erased"
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
