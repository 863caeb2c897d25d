package domain

import "time"

// AuditAction says what was done, in snake_case.
type AuditAction string

// What is written down for good.
const (
	AuditLinked            AuditAction = "linked"             // OtherID's identities are UserID's from then on
	AuditUnlinked          AuditAction = "unlinked"           // OtherID has left UserID again
	AuditLinkConflict      AuditAction = "link_conflict"      // UserID came with a UnionID that is OtherID's; an operator decides
	AuditPhoneBound        AuditAction = "phone_bound"        // or another in its place
	AuditPhoneRemoved      AuditAction = "phone_removed"      //
	AuditProfileCleared    AuditAction = "profile_cleared"    // WeChat's word, for the user withdrew it
	AuditDeletionRequested AuditAction = "deletion_requested" //
	AuditDeletionCancelled AuditAction = "deletion_cancelled" // by logging in
	AuditErased            AuditAction = "erased"             // of one who is banned, all but the identities and the ban
	AuditBanned            AuditAction = "banned"             //
	AuditUnbanned          AuditAction = "unbanned"           //
	AuditSessionKeyReset   AuditAction = "session_key_reset"  //
)

// Actor says who did it.
type Actor string

// The actors.
const (
	ByUser     Actor = "user"
	ByOperator Actor = "operator"
	ByWeChat   Actor = "wechat"
	ByService  Actor = "service" // wxlogin itself, by its rules
)

// AuditEntry is a line that stays, when the user is erased too. It holds nothing
// of a person but ids of ours, which lead nowhere then.
type AuditEntry struct {
	ID      string // unique; of what happens once, the same whoever writes it down
	At      time.Time
	Action  AuditAction
	By      Actor
	UserID  UserID
	OtherID UserID // empty: nobody else is concerned
	AppID   AppID  // empty: no app in particular
}
