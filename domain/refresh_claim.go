package domain

import "time"

// RefreshClaim says which token replaces a spent one. Of parallel refreshes with
// one token the first to store its claim decides, and all others follow it.
type RefreshClaim struct {
	Parent RefreshHash
	Child  RefreshHash
	Sealed SealedToken // the child, for whoever holds the parent
	EndsAt time.Time   // when nobody can need it any more
}

// Verdict is what a refresh token is worth.
type Verdict int

// The verdicts.
const (
	Reused   Verdict = iota // spent for good: somebody else has it too
	Current                 // the one that renews the session
	Repeated                // just spent; its child is the current one
)

// Judge says what the token with this hash, of the session's family, is worth at
// now. claim is that on the token, or empty. A token may be spent again within
// grace, for an answer may have been lost and two requests may be under way at
// once, as long as its child was not spent in turn.
func (s Session) Judge(hash RefreshHash, claim RefreshClaim, grace time.Duration, now time.Time) Verdict {
	switch {
	case hash == s.Refresh:
		return Current
	case claim.Parent == hash && claim.Child == s.Refresh && !now.After(s.RotatedAt.Add(grace)):
		return Repeated
	}
	return Reused
}
