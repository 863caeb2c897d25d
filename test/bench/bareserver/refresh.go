package bareserver

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// claimLives is how long wxlogin keeps a claim, with its defaults.
const claimLives = 10*time.Minute + 30*time.Second

type refreshRequest struct {
	RefreshToken string `json:"refreshToken"`
}

type refreshResponse struct {
	AccessToken      string `json:"accessToken"`
	TokenType        string `json:"tokenType"`
	ExpiresIn        int64  `json:"expiresIn"`
	RefreshToken     string `json:"refreshToken"`
	RefreshExpiresIn int64  `json:"refreshExpiresIn"`
}

// refresh makes wxlogin's statements, in the same order: session, user, claim,
// session. It looks at none of the answers but for errors.
func (s *server) refresh(c echo.Context) error {
	var in refreshRequest
	if err := json.NewDecoder(c.Request().Body).Decode(&in); err != nil {
		return err
	}
	ctx, now, parent := c.Request().Context(), time.Now(), in.RefreshToken
	session, err := s.FindByFamily(ctx, domain.RefreshFamily(hashOf(parent[:family])), now)
	if err != nil {
		return err
	}
	if _, err := s.Find(ctx, session.UserID); err != nil {
		return err
	}
	child := parent[:family] + newRefreshToken()[family:]
	sealed, err := sealUnder(parent, child)
	if err != nil {
		return err
	}
	spent := domain.RefreshHash(hashOf(parent))
	session.Refresh, session.RotatedAt, session.ExpiresAt = domain.RefreshHash(hashOf(child)), now, now.Add(s.cfg.Sessions.Idle)
	claim := domain.RefreshClaim{Parent: spent, Child: session.Refresh, Sealed: sealed, EndsAt: now.Add(claimLives)}
	if _, err := s.Claim(ctx, claim); err != nil {
		return err
	}
	if _, err := s.Renew(ctx, session, spent); err != nil {
		return err
	}
	access, err := s.sign(session, now)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, refreshResponse{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int64(s.cfg.Sessions.AccessToken.Seconds()),
		RefreshToken: child, RefreshExpiresIn: int64(s.cfg.Sessions.Idle.Seconds()),
	})
}

// sealUnder encrypts the child for who has the parent, so that wxlogin can open it.
func sealUnder(parent, child string) (domain.SealedToken, error) {
	key, err := hkdf.Key(sha256.New, []byte(parent), nil, "wxlogin sealed token", 32)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return "", err
	}
	return domain.SealedToken(base64.RawURLEncoding.EncodeToString(aead.Seal(nil, nil, []byte(child), nil))), nil
}
