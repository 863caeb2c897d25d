package memory

// Held returns how many sessions are in memory, live or not.
func (r *SessionRepository) Held() int {
	held := 0
	for _, slots := range r.byOwner {
		held += len(slots)
	}
	return held
}

// Owners returns how many identities have a place in memory.
func (r *SessionRepository) Owners() int { return len(r.byOwner) }

// Indexed returns how many names of sessions are in memory, beside their owners.
func (r *SessionRepository) Indexed() int {
	return len(r.byUser) + len(r.byFamily) + len(r.byLogin)
}

// Held returns how many claims are in memory, ended or not.
func (r *RefreshRepository) Held() int { return len(r.claims) }

// Held returns how many revocations are in memory, ended or not.
func (r *RevocationLog) Held() int { return len(r.all) }
