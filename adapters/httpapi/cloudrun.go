package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// cloudRunPath is where WeChat Cloud Run is believed about who a user is.
const cloudRunPath = "/v1/login/cloudrun"

// The headers by which Cloud Run says who a user is: of the mini program that the
// environment belongs to, or of another one that it is shared with.
const (
	headerSource  = "X-WX-SOURCE"
	headerOpenID  = "X-WX-OPENID"
	headerAppID   = "X-WX-APPID"
	headerUnionID = "X-WX-UNIONID"

	headerFromOpenID  = "X-WX-FROM-OPENID"
	headerFromAppID   = "X-WX-FROM-APPID"
	headerFromUnionID = "X-WX-FROM-UNIONID"
)

// cloudRunRequest needs no body. It knows no code: who sends one gets it refused.
type cloudRunRequest struct {
	Device    deviceRequest `json:"device"`
	PhoneCode string        `json:"phoneCode" validate:"max=256,plain"`

	identity domain.WeChatIdentity // of the headers
}

func (*cloudRunRequest) bodyOptional() {}

// fromRequest takes the identity. Whatever is wrong with it is one fault, so that
// nobody learns what would be believed.
func (l *cloudRunRequest) fromRequest(r *http.Request, _ func(string) string) []fieldFault {
	identity, ok := vouchedFor(r.Header)
	if !ok {
		return []fieldFault{{headerOpenID, "identity"}}
	}
	l.identity = identity
	return nil
}

// vouchedFor returns the one identity that the headers name. Those of both sets
// together name none: only one of the two would be Cloud Run's own.
func vouchedFor(h http.Header) (identity domain.WeChatIdentity, ok bool) {
	said := make(map[string]string)
	for _, name := range []string{headerSource, headerOpenID, headerAppID, headerUnionID, headerFromOpenID, headerFromAppID, headerFromUnionID} {
		values := h.Values(name)
		if len(values) > 1 || (len(values) == 1 && strings.Contains(values[0], ",")) {
			return identity, false
		}
		said[name] = strings.Join(values, "")
	}
	app, person, union := headerAppID, headerOpenID, headerUnionID
	if said[headerOpenID] == "" {
		app, person, union = headerFromAppID, headerFromOpenID, headerFromUnionID
	} else if said[headerFromOpenID] != "" {
		return identity, false
	}
	if app == headerFromAppID && said[headerFromAppID] == said[headerAppID] {
		return identity, false // shared with itself: nothing that Cloud Run says
	}
	identity = domain.WeChatIdentity{
		AppID: domain.AppID(said[app]), OpenID: domain.OpenID(said[person]), UnionID: domain.UnionID(said[union]),
	}
	return identity, said[headerSource] != "" && identity.WellFormed()
}

func (a *API) postCloudRun(ctx context.Context, in cloudRunRequest) (loginResponse, error) {
	if !a.edge.people.allow(in.identity.Key(), time.Now()) {
		return loginResponse{}, domain.ErrRateLimited
	}
	login, err := a.VouchedLogin.LoginVouched(ctx, ports.VouchedLoginCommand{
		Identity:  in.identity,
		PhoneCode: domain.NewSecret(in.PhoneCode),
		Device:    domain.Device(in.Device),
	})
	if err != nil {
		return loginResponse{}, fmt.Errorf("cloud run: %w", err)
	}
	return a.answerLogin(ctx, login), nil
}
