package httpapi

import (
	"time"

	"wxlogin/ports"
)

// exportResponse is all that is stored of a user. What it shows besides /v1/me is
// the user's own and nobody else's.
type exportResponse struct {
	ExportedAt time.Time          `json:"exportedAt"`
	User       userResponse       `json:"user"`
	Phone      string             `json:"phone,omitempty"`  // E.164
	Avatar     []byte             `json:"avatar,omitempty"` // JPEG, in base64
	Identities []exportedIdentity `json:"identities"`
	Sessions   []exportedSession  `json:"sessions"`
	Audit      []exportedEntry    `json:"audit"`
}

type exportedIdentity struct {
	AppID        string     `json:"appId"`
	OpenID       string     `json:"openId"`
	UnionID      string     `json:"unionId,omitempty"`
	UserID       string     `json:"userId"` // the one that its first login made
	Nickname     string     `json:"nickname,omitempty"`
	NicknameAt   *time.Time `json:"nicknameAt,omitempty"`
	AvatarURL    string     `json:"avatarUrl,omitempty"`
	AvatarAt     *time.Time `json:"avatarAt,omitempty"`
	Phone        string     `json:"phone,omitempty"` // E.164
	PhoneAt      *time.Time `json:"phoneAt,omitempty"`
	CreatedAt    time.Time  `json:"createdAt"`
	FirstLoginAt *time.Time `json:"firstLoginAt,omitempty"`
	LastLoginAt  time.Time  `json:"lastLoginAt"`
}

type exportedSession struct {
	sessionResponse
	AppID      string     `json:"appId"`
	AbsoluteAt time.Time  `json:"absoluteExpiresAt"`
	RotatedAt  *time.Time `json:"refreshedAt,omitempty"`
}

type exportedEntry struct {
	At          time.Time `json:"at"`
	Action      string    `json:"action"`
	By          string    `json:"by"`
	UserID      string    `json:"userId"`
	OtherUserID string    `json:"otherUserId,omitempty"`
	AppID       string    `json:"appId,omitempty"`
}

func (a *API) asExport(e ports.Export) exportResponse {
	out := exportResponse{
		ExportedAt: stamp(e.At), User: a.asUser(e.Account), Phone: e.Phone.E164(), Avatar: e.Avatar,
		Identities: []exportedIdentity{}, Sessions: []exportedSession{}, Audit: []exportedEntry{},
	}
	for _, part := range e.Identities {
		out.Identities = append(out.Identities, a.asIdentity(part))
	}
	for _, s := range e.Sessions {
		out.Sessions = append(out.Sessions, exportedSession{asSession(s), string(s.AppID), stamp(s.AbsoluteAt), knownTime(s.RotatedAt)})
	}
	for _, entry := range e.Audit {
		out.Audit = append(out.Audit, exportedEntry{
			stamp(entry.At), string(entry.Action), string(entry.By), string(entry.UserID), string(entry.OtherID), string(entry.AppID),
		})
	}
	return out
}

func (a *API) asIdentity(part ports.Account) exportedIdentity {
	u := part.User
	return exportedIdentity{
		AppID: string(u.Identity.AppID), OpenID: string(u.Identity.OpenID), UnionID: string(u.Identity.UnionID),
		UserID: string(u.Original()), Nickname: u.Profile.Nickname, NicknameAt: knownTime(u.NicknameAt),
		AvatarURL: a.avatarURL(u), AvatarAt: knownTime(u.AvatarAt), Phone: part.Phone.E164(), PhoneAt: knownTime(u.Phone.At),
		CreatedAt: stamp(u.CreatedAt), FirstLoginAt: knownTime(u.FirstLoginAt), LastLoginAt: stamp(u.LastLoginAt),
	}
}

// knownTime is a time that may be none.
func knownTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	s := stamp(t)
	return &s
}
