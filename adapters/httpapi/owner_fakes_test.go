package httpapi_test

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// owner answers all that a user does to their own account with err, or with
// Alice's account, and notes what was asked for.
type owner struct {
	err     error
	done    []string
	picture []byte
	invalid bool // the session_key is not the present one
}

func (o *owner) note(format string, args ...any) (ports.Account, error) {
	o.done = append(o.done, fmt.Sprintf(format, args...))
	return aliceAccount(), o.err
}

func (o *owner) SetNickname(_ context.Context, c domain.Caller, nickname string) (ports.Account, error) {
	return o.note("nickname of %s: %s", c.UserID, nickname)
}

func (o *owner) SetProfile(_ context.Context, c domain.Caller, d domain.OpenData) (ports.Account, error) {
	return o.note("profile of %s: %s %s %s %s", c.UserID, d.EncryptedData, d.IV, d.RawData, d.Signature)
}

func (o *owner) SetAvatar(_ context.Context, c domain.Caller, upload []byte) (ports.Account, error) {
	o.picture = upload
	return o.note("avatar of %s", c.UserID)
}

func (o *owner) Avatar(_ context.Context, name domain.AvatarName) ([]byte, error) {
	if name != alicesAvatar {
		return nil, domain.ErrNotFound
	}
	_, err := o.note("look at %s", name)
	return []byte("a JPEG"), err
}

func (o *owner) BindPhone(_ context.Context, c domain.Caller, code domain.Secret) (ports.Account, error) {
	return o.note("phone of %s by %s", c.UserID, code.Reveal())
}

func (o *owner) BindPhoneByData(_ context.Context, c domain.Caller, d domain.OpenData) (ports.Account, error) {
	return o.note("phone of %s by data %s %s", c.UserID, d.EncryptedData, d.IV)
}

func (o *owner) RemovePhone(_ context.Context, c domain.Caller) error {
	_, err := o.note("no phone of %s", c.UserID)
	return err
}

func (o *owner) CheckWeChatSession(_ context.Context, c domain.Caller) (bool, error) {
	_, err := o.note("session_key of %s", c.SessionID)
	return !o.invalid, err
}

func (o *owner) Leave(_ context.Context, c domain.Caller) (time.Time, error) {
	_, err := o.note("%s leaves", c.UserID)
	return moment.Add(168 * time.Hour), err
}

func (o *owner) PlatformToken(_ context.Context, client domain.ServiceClient, app domain.AppID, refused domain.Secret) (ports.PlatformGrant, error) {
	_, err := o.note("token of %s for %s, after %q", app, client.ID, refused.Reveal())
	token := domain.PlatformToken{Token: domain.NewSecret("platform-token"), ExpiresAt: moment.Add(100 * time.Minute)}
	return ports.PlatformGrant{PlatformToken: token, At: moment}, err
}
