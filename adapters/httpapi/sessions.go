package httpapi

import (
	"context"
	"net/http"
	"strings"

	"wxlogin/domain"
)

type sessionsResponse struct {
	Sessions []listedSession `json:"sessions"`
}

type listedSession struct {
	sessionResponse
	Current bool `json:"current"` // the one that the request's token is of
}

func (a *API) getSessions(ctx context.Context, caller domain.Caller, _ empty) (sessionsResponse, error) {
	live, err := a.Sessions.ListSessions(ctx, caller)
	if err != nil {
		return sessionsResponse{}, err
	}
	out := sessionsResponse{Sessions: make([]listedSession, len(live))}
	for i, s := range live {
		out.Sessions[i] = listedSession{asSession(s), s.ID == caller.SessionID}
	}
	return out, nil
}

// sessionPath names a session in the path.
type sessionPath struct{ id domain.SessionID }

func (*sessionPath) bodyless() {}

// fromRequest takes the name as it is, as far as it is text: one that nobody has is
// not found.
func (p *sessionPath) fromRequest(_ *http.Request, param func(string) string) []fieldFault {
	p.id = domain.SessionID(strings.ToValidUTF8(param("id"), "\uFFFD"))
	return nil
}

func (a *API) deleteSession(ctx context.Context, caller domain.Caller, in sessionPath) (empty, error) {
	return empty{}, a.Logout.EndSession(ctx, caller, in.id)
}

func (a *API) postLogout(ctx context.Context, caller domain.Caller, _ empty) (empty, error) {
	return empty{}, a.Logout.Logout(ctx, caller)
}

func (a *API) postLogoutAll(ctx context.Context, caller domain.Caller, _ empty) (empty, error) {
	return empty{}, a.Logout.LogoutAll(ctx, caller)
}
