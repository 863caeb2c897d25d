package wechatsim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Push is a message to an app's server about what a person gave to the app. The
// zero value of a field is what the comment says first.
type Push struct {
	App    string `json:"app"`
	Person string `json:"person"`
	// Event is user_info_modified, user_authorization_revoke,
	// user_authorization_cancellation, or anything that a server should ignore.
	Event       string    `json:"event"`
	RevokeInfo  string    `json:"revokeInfo"` // left out, or a number such as 8, the phone
	Format      string    `json:"format"`     // json or xml
	Encrypted   bool      `json:"encrypted"`  // plain mode, or safe mode
	CreateTime  time.Time `json:"createTime"` // now, or when it happened
	StrayBlanks bool      `json:"strayBlanks"`
}

// Push delivers p to the address as WeChat would, and returns what the server
// there answers. StrayBlanks writes names in JSON with blanks before them, as
// samples of WeChat's have them. Push fails if the address is not on this machine
// (unless Config.AllowRemote) or does not answer, for a Push that makes no sense,
// and for an app without what the message is signed or encrypted with.
func (s *Simulator) Push(ctx context.Context, address string, p Push) (status int, body string, err error) {
	to, err := s.receiver(address)
	if err != nil {
		return 0, "", err
	}
	if err := p.check(); err != nil {
		return 0, "", err
	}
	m, err := s.member(p.App, p.Person)
	if err != nil {
		return 0, "", err
	}
	if p.CreateTime.IsZero() {
		p.CreateTime = s.cfg.Now()
	}
	text := p.render(p.fields(m))
	query, err := m.app.eventQuery(s.cfg.Now())
	if err == nil && p.Encrypted {
		text, err = p.envelope(m.app, query, text)
	}
	if err != nil {
		return 0, "", err
	}
	query.Set("openid", eventSender)
	return send(ctx, http.MethodPost, to, query, text)
}

func (p Push) check() error {
	switch {
	case p.Event == "":
		return errors.New("wechatsim: event is missing: user_info_modified, user_authorization_revoke, user_authorization_cancellation, or another one")
	case p.Format != "" && p.Format != "json" && p.Format != "xml":
		return fmt.Errorf("wechatsim: no format %q; there is json, xml", p.Format)
	case p.StrayBlanks && p.Format == "xml":
		return errors.New("wechatsim: names in xml have no stray blanks")
	case strings.Contains(p.Event+p.RevokeInfo, "]]>"):
		return errors.New("wechatsim: ]]> cannot be said in xml")
	}
	return nil
}

// What every message names: the account it is for, and one it seems to come from,
// which is not the person.
const (
	eventAccount = "gh_simulator0001"
	eventSender  = "oSenderThatIsNotThePerson001"
)

// field is a name and a value, which is a string or an int64.
type field struct {
	name  string
	value any
}

func (p Push) fields(m *member) []field {
	fields := []field{
		{"ToUserName", eventAccount},
		{"FromUserName", eventSender},
		{"CreateTime", p.CreateTime.Unix()},
		{"MsgType", "event"},
		{"Event", p.Event},
		{"OpenID", m.openID},
		{"AppID", m.app.ID},
	}
	if p.RevokeInfo != "" {
		fields = append(fields, field{"RevokeInfo", p.RevokeInfo})
	}
	return fields
}

// render writes a message in the form that is asked for.
func (p Push) render(fields []field) string {
	if p.Format == "xml" {
		return inXML(fields)
	}
	blank := ""
	if p.StrayBlanks {
		blank = " "
	}
	var parts []string
	for _, f := range fields {
		parts = append(parts, string(encode(blank+f.name))+":"+string(encode(f.value)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func inXML(fields []field) string {
	var text strings.Builder
	for _, f := range fields {
		value := fmt.Sprint(f.value)
		if _, isText := f.value.(string); isText {
			value = "<![CDATA[" + value + "]]>"
		}
		_, _ = fmt.Fprintf(&text, "<%s>%s</%s>\n", f.name, value, f.name)
	}
	return "<xml>\n" + text.String() + "</xml>"
}

// envelope wraps the encrypted text in a message of its own, and signs it.
func (p Push) envelope(a *app, query url.Values, text string) (string, error) {
	sealed, err := a.sealEvent(text)
	if err != nil {
		return "", err
	}
	query.Set("encrypt_type", "aes")
	query.Set("msg_signature", eventSignature(a.EventToken, query.Get("timestamp"), query.Get("nonce"), sealed))
	p.StrayBlanks = false
	return p.render([]field{{"ToUserName", eventAccount}, {"Encrypt", sealed}}), nil
}
