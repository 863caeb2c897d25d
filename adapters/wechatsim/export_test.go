package wechatsim

// The workings that Tencent publishes examples of.
var (
	Encrypt          = encrypt
	RawDataSignature = rawDataSignature
	UserSignature    = userSignature
	EventSignature   = eventSignature
)

// Kinds returns the names of all kinds of fault.
func Kinds() []string {
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	return names
}

// LimitCodes bounds memory to n codes instead of a million.
func (s *Simulator) LimitCodes(n int) {
	s.logins.limit, s.calls.counts.limit = n, n
}
