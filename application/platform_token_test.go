package application_test

import (
	"context"
	"errors"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
)

// wechatTokens holds one token, and replaces it where it was refused.
type wechatTokens struct {
	token string
	err   error
	asked int
}

func (w *wechatTokens) PlatformToken(context.Context, domain.AppID) (domain.PlatformToken, error) {
	w.asked++
	return domain.PlatformToken{Token: domain.NewSecret(w.token)}, w.err
}

func (w *wechatTokens) ReplacePlatformToken(ctx context.Context, app domain.AppID, refused domain.Secret) (domain.PlatformToken, error) {
	if refused.Reveal() == w.token {
		w.token += "+"
	}
	return w.PlatformToken(ctx, app)
}

func TestPlatformTokenIsForWhoMayHaveIt(t *testing.T) {
	w := newWorld()
	apps := []domain.AppID{appA, appB}
	tests := []struct {
		name    string
		client  domain.ServiceClient
		app     domain.AppID
		refused string
		fails   error
		want    string
		wantErr error
	}{
		{"its own app", domain.ServiceClient{Apps: apps, AccessTokens: true}, appB, "", nil, canary, nil},
		{"the token was refused", domain.ServiceClient{Apps: apps, AccessTokens: true}, appA, canary, nil, canary + "+", nil},
		{"an older one was", domain.ServiceClient{Apps: apps, AccessTokens: true}, appA, "older", nil, canary, nil},
		{"another's app", domain.ServiceClient{Apps: apps, AccessTokens: true}, appC, "", nil, "", domain.ErrAccessDenied},
		{"no app", domain.ServiceClient{Apps: apps, AccessTokens: true}, "", "", nil, "", domain.ErrAccessDenied},
		{"no right", domain.ServiceClient{Apps: apps}, appA, "", nil, "", domain.ErrAccessDenied},
		{"no right to say that it was refused", domain.ServiceClient{Apps: apps}, appA, canary, nil, "", domain.ErrAccessDenied},
		{"WeChat is away", domain.ServiceClient{Apps: apps, AccessTokens: true}, appA, "", domain.ErrPlatformUnavailable, "", domain.ErrPlatformUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tokens := &wechatTokens{token: canary, err: tt.fails}
			uc := application.NewPlatformTokenUseCase(tokens, w.clock)
			got, err := uc.PlatformToken(t.Context(), tt.client, tt.app, domain.NewSecret(tt.refused))
			if !errors.Is(err, tt.wantErr) || got.Token.Reveal() != tt.want || err == nil && got.At != w.clock.now {
				t.Errorf("got %q at %v and %v, want %q and %v", got.Token.Reveal(), got.At, err, tt.want, tt.wantErr)
			}
			if errors.Is(tt.wantErr, domain.ErrAccessDenied) && tokens.asked != 0 {
				t.Error("got WeChat asked for one who may not")
			}
			mustHide(t, "grant", got)
			mustHide(t, "error", err)
		})
	}
}
