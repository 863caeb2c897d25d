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
