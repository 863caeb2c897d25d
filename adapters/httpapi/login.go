package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

type loginRequest struct {
	AppID   string          `json:"appId" validate:"max=64,plain"`
	Code    string          `json:"code" validate:"required,max=256,plain"`
	Device  deviceRequest   `json:"device"`
	Profile openDataRequest `json:"profile"`

	PhoneCode string `json:"phoneCode" validate:"max=256,plain"`

	idempotencyKey domain.Secret // of the header
}

// An Idempotency-Key is random, so that nobody guesses another's.
const (
	minIdempotencyKey = 16
	maxIdempotencyKey = 255
)

// fromRequest takes the Idempotency-Key.
func (l *loginRequest) fromRequest(r *http.Request, _ func(string) string) []fieldFault {
	keys := r.Header.Values(headerIdempotencyKey)
	if len(keys) == 0 {
		return nil
	}
	key := keys[0]
	switch {
	case len(keys) > 1:
		return []fieldFault{{headerIdempotencyKey, "duplicate"}}
	case len(key) < minIdempotencyKey:
		return []fieldFault{{headerIdempotencyKey, "min"}}
	case len(key) > maxIdempotencyKey:
		return []fieldFault{{headerIdempotencyKey, "max"}}
	case strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' }):
		return []fieldFault{{headerIdempotencyKey, "plain"}}
	}
	l.idempotencyKey = domain.NewSecret(key)
	return nil
}

const headerIdempotencyKey = "Idempotency-Key"

type deviceRequest struct {
	ID       string `json:"id" validate:"omitempty,min=8,max=64,deviceid"`
	Name     string `json:"name" validate:"max=64,plain"`
	Platform string `json:"platform" validate:"max=32,plain"`
}

type openDataRequest struct {
	EncryptedData string `json:"encryptedData" validate:"required_with=IV,max=16384"`
	IV            string `json:"iv" validate:"required_with=EncryptedData,max=64"`
	RawData       string `json:"rawData" validate:"max=16384"`
	Signature     string `json:"signature" validate:"max=128"`
}

type loginResponse struct {
	tokenResponse
	Session  sessionResponse   `json:"session"`
	User     userResponse      `json:"user"`
	NewUser  bool              `json:"newUser"`
	Restored bool              `json:"restored,omitempty"` // the user had left, and is back
	Warnings []warningResponse `json:"warnings"`
}

type sessionResponse struct {
	ID        string          `json:"id"`
	Device    *deviceResponse `json:"device,omitempty"`
	CreatedAt time.Time       `json:"createdAt"`
	ExpiresAt time.Time       `json:"expiresAt"`
}

type deviceResponse struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name,omitempty"`
	Platform string `json:"platform,omitempty"`
}

type warningResponse struct {
	Code string `json:"code"`
}

func (a *API) postLogin(ctx context.Context, in loginRequest) (loginResponse, error) {
	login, err := a.Login.Login(ctx, ports.LoginCommand{
		AppID:    domain.AppID(in.AppID),
		Code:     domain.NewSecret(in.Code),
		OpenData: domain.OpenData(in.Profile),
		Device:   domain.Device(in.Device),

		PhoneCode:      domain.NewSecret(in.PhoneCode),
		IdempotencyKey: in.idempotencyKey,
	})
	if err != nil {
		return loginResponse{}, err
	}
	return a.answerLogin(ctx, login), nil
}

// answerLogin is asLogin, and logs the warnings.
func (a *API) answerLogin(ctx context.Context, l ports.Login) loginResponse {
	for _, w := range l.Warnings {
		a.edge.noteWarning(ctx, w)
	}
	return a.asLogin(l)
}

func (a *API) asLogin(l ports.Login) loginResponse {
	return loginResponse{
		tokenResponse: asTokens(l.Tokens, l.At),
		Session:       asSession(l.Session),
		User:          a.asUser(l.Account),
		NewUser:       l.NewUser,
		Restored:      l.Restored,
		Warnings:      asWarnings(l.Warnings),
	}
}

func asSession(s domain.Session) sessionResponse {
	r := sessionResponse{ID: string(s.ID), CreatedAt: stamp(s.CreatedAt), ExpiresAt: stamp(s.ExpiresAt)}
	if s.Device != (domain.Device{}) {
		r.Device = &deviceResponse{s.Device.ID, s.Device.Name, s.Device.Platform}
	}
	return r
}

func asWarnings(errs []error) []warningResponse {
	warnings := []warningResponse{}
	for _, err := range errs {
		var promised *domain.Error
		if errors.As(err, &promised) {
			warnings = append(warnings, warningResponse{promised.Code})
		}
	}
	return warnings
}

// stamp is a time as answers show it: UTC, milliseconds, as stores keep it.
func stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
