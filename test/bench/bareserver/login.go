package bareserver

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

type loginRequest struct {
	Code   string     `json:"code"`
	Device deviceBody `json:"device"`
}

type deviceBody struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Platform string `json:"platform"`
}

type loginResponse struct {
	AccessToken      string          `json:"accessToken"`
	TokenType        string          `json:"tokenType"`
	ExpiresIn        int64           `json:"expiresIn"`
	RefreshToken     string          `json:"refreshToken"`
	RefreshExpiresIn int64           `json:"refreshExpiresIn"`
	Session          sessionResponse `json:"session"`
	User             userResponse    `json:"user"`
	NewUser          bool            `json:"newUser"`
	Warnings         []string        `json:"warnings"`
}

type sessionResponse struct {
	ID        domain.SessionID `json:"id"`
	Device    deviceBody       `json:"device"`
	CreatedAt time.Time        `json:"createdAt"`
	ExpiresAt time.Time        `json:"expiresAt"`
}

type userResponse struct {
	ID          domain.UserID `json:"id"`
	Nickname    string        `json:"nickname,omitempty"`
	AvatarURL   string        `json:"avatarUrl,omitempty"`
	UnionLinked bool          `json:"unionLinked"`
	CreatedAt   time.Time     `json:"createdAt"`
	LastLoginAt time.Time     `json:"lastLoginAt"`
}

// claims are those of wxlogin's access tokens.
type claims struct {
	jwt.RegisteredClaims
	SessionID domain.SessionID `json:"sid"`
	ClientID  domain.AppID     `json:"client_id"`
}

// exchange is what WeChat answers.
type exchange struct {
	OpenID     domain.OpenID  `json:"openid"`
	UnionID    domain.UnionID `json:"unionid"`
	SessionKey string         `json:"session_key"`
}

func (s *server) login(c echo.Context) error {
	var in loginRequest
	if err := json.NewDecoder(c.Request().Body).Decode(&in); err != nil {
		return err
	}
	ctx := c.Request().Context()
	person, err := s.exchange(ctx, in.Code)
	if err != nil {
		return err
	}
	now := time.Now()
	user, created, err := s.RecordLogin(ctx, domain.WeChatUser{
		ID:        domain.UserID(newID()),
		Identity:  domain.WeChatIdentity{AppID: s.cfg.WeChat.Apps[0].ID, OpenID: person.OpenID, UnionID: person.UnionID},
		CreatedAt: now, LastLoginAt: now,
	})
	if err != nil {
		return err
	}
	refresh := newRefreshToken()
	session := s.session(user, domain.Device(in.Device), refresh, person.SessionKey, now)
	if err := s.Save(ctx, session); err != nil {
		return err
	}
	access, err := s.sign(session, now)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, loginResponse{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int64(s.cfg.Sessions.AccessToken.Seconds()),
		RefreshToken: refresh, RefreshExpiresIn: int64(s.cfg.Sessions.Idle.Seconds()),
		Session: sessionResponse{session.ID, in.Device, session.CreatedAt, session.ExpiresAt},
		User:    asUser(user), NewUser: created, Warnings: []string{},
	})
}

// exchange believes whatever comes back.
func (s *server) exchange(ctx context.Context, code string) (answer exchange, err error) {
	app := s.cfg.WeChat.Apps[0]
	query := url.Values{
		"appid": {string(app.ID)}, "secret": {app.Secret.Reveal()}, "js_code": {code}, "grant_type": {"authorization_code"},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.cfg.WeChat.BaseURL+"/sns/jscode2session?"+query.Encode(), nil)
	if err != nil {
		return answer, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return answer, err
	}
	defer func() { _ = res.Body.Close() }()
	return answer, json.NewDecoder(res.Body).Decode(&answer)
}

func (s *server) session(user domain.WeChatUser, device domain.Device, refresh, key string, now time.Time) domain.Session {
	sealed := s.aead.Seal(nil, nil, []byte(key), []byte(user.Identity.Key()))
	return domain.Session{
		ID: domain.SessionID(newID()), UserID: user.ID, Identity: user.Identity.Key(), AppID: user.Identity.AppID, Device: device,
		CreatedAt: now, ExpiresAt: now.Add(s.cfg.Sessions.Idle), AbsoluteAt: now.Add(s.cfg.Sessions.Absolute),
		Family: domain.RefreshFamily(hashOf(refresh[:family])), Refresh: domain.RefreshHash(hashOf(refresh)),
		Key: domain.SealedKey(base64.RawURLEncoding.EncodeToString(sealed)),
	}
}

func (s *server) sign(session domain.Session, now time.Time) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodES256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: s.cfg.Tokens.Issuer, Subject: string(session.UserID), Audience: jwt.ClaimStrings{s.cfg.Tokens.Audience},
			ExpiresAt: jwt.NewNumericDate(now.Add(s.cfg.Sessions.AccessToken)), IssuedAt: jwt.NewNumericDate(now), ID: newID(),
		},
		SessionID: session.ID, ClientID: session.AppID,
	}).SignedString(s.key)
}

// me looks at the signature and its time: without the one it would not know who
// asks, and the other comes with it.
func (s *server) me(c echo.Context) error {
	var who claims
	token := strings.TrimPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if _, err := jwt.ParseWithClaims(token, &who, func(*jwt.Token) (any, error) { return &s.key.PublicKey, nil }); err != nil {
		return err
	}
	user, err := s.Find(c.Request().Context(), domain.UserID(who.Subject))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, asUser(user))
}

func asUser(u domain.WeChatUser) userResponse {
	return userResponse{u.ID, u.Profile.Nickname, u.Profile.AvatarURL, u.Identity.UnionID != "", u.CreatedAt, u.LastLoginAt}
}

func newID() string {
	id, _ := uuid.NewV7() // fails where crypto/rand does, which ends the program instead
	return id.String()
}

// family is how much of a refresh token all those of a session have in common.
const family = len("wxr_") + 16

func hashOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

func newRefreshToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return "wxr_" + base64.RawURLEncoding.EncodeToString(raw)
}
