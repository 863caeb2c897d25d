package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"wxlogin/config"
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

	headers http.Header
}

func (*cloudRunRequest) bodyOptional() {}

// fromRequest takes the headers.
func (l *cloudRunRequest) fromRequest(r *http.Request, _ func(string) string) []fieldFault {
	l.headers = r.Header
	return nil
}

var (
	// errNobody is all that is answered where no one person is named, so that nobody
	// learns what would be believed.
	errNobody = &requestError{[]fieldFault{{headerOpenID, "identity"}}}

	errNotShared = fmt.Errorf("%w: the app of %s is not in CLOUDRUN_SHARED", errNobody, headerFromAppID)
)

// vouchedFor returns the one identity that the headers name.
//
// A phone sends headers too, and of those that Cloud Run has no value for itself
// nobody knows that it takes them away. One openid it always has. So that of the two
// sets only one may be there: of both, one is the phone's. A set that is not believed
// is therefore refused, and not passed over: beside it the other is the phone's.
func vouchedFor(h http.Header, cfg config.CloudRun) (domain.WeChatIdentity, error) {
	none := domain.WeChatIdentity{}
	said := make(map[string]string)
	for _, name := range []string{headerSource, headerOpenID, headerAppID, headerUnionID, headerFromOpenID, headerFromAppID, headerFromUnionID} {
		values := h.Values(name)
		if len(values) > 1 || (len(values) == 1 && strings.Contains(values[0], ",")) {
			return none, errNobody
		}
		said[name] = strings.Join(values, "")
	}
	app, person, union := domain.AppID(said[headerAppID]), said[headerOpenID], said[headerUnionID]
	if said[headerFromOpenID]+said[headerFromAppID]+said[headerFromUnionID] != "" {
		from := domain.AppID(said[headerFromAppID])
		switch {
		case person != "" || from == app: // shared with itself: nothing that Cloud Run says
			return none, errNobody
		case !slices.Contains(cfg.Shared, from):
			return none, errNotShared
		}
		app, person, union = from, said[headerFromOpenID], said[headerFromUnionID]
	}
	identity := domain.WeChatIdentity{AppID: app, OpenID: domain.OpenID(person)}
	if cfg.UnionIDs {
		identity.UnionID = domain.UnionID(union)
	}
	if said[headerSource] == "" || !identity.WellFormed() {
		return none, errNobody
	}
	return identity, nil
}

func (a *API) postCloudRun(ctx context.Context, in cloudRunRequest) (loginResponse, error) {
	identity, err := vouchedFor(in.headers, a.edge.cloudRun)
	if err != nil {
		return loginResponse{}, err
	}
	if !a.edge.people.allow(identity.Key(), time.Now()) {
		return loginResponse{}, domain.ErrRateLimited
	}
	login, err := a.VouchedLogin.LoginVouched(ctx, ports.VouchedLoginCommand{
		Identity:  identity,
		PhoneCode: domain.NewSecret(in.PhoneCode),
		Device:    domain.Device(in.Device),
	})
	if err != nil {
		return loginResponse{}, fmt.Errorf("cloud run: %w", err)
	}
	return a.answerLogin(ctx, login), nil
}
