package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wxlogin/config"
	"wxlogin/domain"
)

// Whatever Cloud Run fails to say, the answer is one.
func TestCloudRunThatNamesNobodyOrSeveralIsRefusedAlike(t *testing.T) {
	long := strings.Repeat("o", 129)
	from := []string{"X-WX-SOURCE", "wx_client", "X-WX-FROM-APPID", "wx2", "X-WX-FROM-OPENID", "o2"}
	v := receiving(config.HTTP{CloudRun: believing()})
	want := ""
	for name, headers := range map[string][]string{
		"nothing":                        nil,
		"no source":                      {"X-WX-APPID", "wx1", "X-WX-OPENID", "o1"},
		"an empty source":                {"X-WX-SOURCE", "", "X-WX-APPID", "wx1", "X-WX-OPENID", "o1"},
		"a source alone":                 {"X-WX-SOURCE", "wx_client"},
		"no app":                         {"X-WX-SOURCE", "wx_client", "X-WX-OPENID", "o1"},
		"an empty app":                   {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "", "X-WX-OPENID", "o1"},
		"no openid":                      {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1"},
		"an empty openid":                {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", ""},
		"two openids":                    named("X-WX-OPENID", "o2"),
		"one openid twice":               named("X-WX-OPENID", "o1"),
		"an openid and an empty one":     named("X-WX-OPENID", ""),
		"a list of openids":              {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "o1, o2"},
		"two spellings of openids":       named("x-wx-openid", "o2"),
		"two apps":                       named("X-WX-APPID", "wx2"),
		"a list of apps":                 {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1,wx2", "X-WX-OPENID", "o1"},
		"two sources":                    named("X-WX-SOURCE", "wx_client"),
		"two unionids":                   named("X-WX-UNIONID", "u1", "X-WX-UNIONID", "u2"),
		"a list of unionids":             named("X-WX-UNIONID", "u1,u2"),
		"both sets":                      append(named(), from[2:]...),
		"both openids":                   named("X-WX-FROM-OPENID", "o2"),
		"two openids of the other set":   append(from, "X-WX-FROM-OPENID", "o3"),
		"the other set without its app":  {"X-WX-SOURCE", "wx_client", "X-WX-FROM-OPENID", "o2"},
		"an app of the other set":        {"X-WX-SOURCE", "wx_client", "X-WX-OPENID", "o1", "X-WX-FROM-APPID", "wx1"},
		"a second app":                   named("X-WX-FROM-APPID", "wx2"),
		"the other's unionid":            named("X-WX-FROM-UNIONID", "u2"),
		"an app it is not shared with":   {"X-WX-SOURCE", "wx_client", "X-WX-FROM-APPID", "wx1", "X-WX-FROM-OPENID", "o2"},
		"shared with itself":             append(from, "X-WX-APPID", "wx2"),
		"the other's openid, own app":    {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-FROM-OPENID", "o2"},
		"the other set without source":   from[2:],
		"an openid too long":             {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", long},
		"a unionid too long":             named("X-WX-UNIONID", long),
		"an app too long":                {"X-WX-SOURCE", "wx_client", "X-WX-APPID", long, "X-WX-OPENID", "o1"},
		"a blank in the openid":          {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "o 1"},
		"an openid that is no ASCII":     {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "ö1"},
		"a control character":            {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "o\x001"},
		"a tab in the unionid":           named("X-WX-UNIONID", "u\t1"),
		"underscores":                    {"X_WX_SOURCE", "wx_client", "X_WX_APPID", "wx1", "X_WX_OPENID", "o1"},
		"an underscore in the openid's":  {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX_OPENID", "o1"},
		"names without the X":            {"WX-SOURCE", "wx_client", "WX-APPID", "wx1", "WX-OPENID", "o1"},
		"wafer's names":                  {"X-WX-SOURCE", "wx_client", "X-WX-Code", "c", "X-WX-Id", "o1", "X-WX-Skey", "s"},
		"a code of the other endpoint's": {"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-Code", "c"},
	} {
		a := ask(t, v.Server, without(http.MethodPost, cloudRun, headers...))
		p := a.problem(t)
		got := fmt.Sprint(a.status, p.Code, p.Errors)
		if want == "" {
			want = got
		}
		if got != want || a.status != http.StatusBadRequest || p.Code != "invalid_request" {
			t.Errorf("%s: got %s, want %s as of everything else", name, got, want)
		}
		v.wantNobody(t, name)
	}
}

func TestAnUnderscoreBesideTheNameChangesNothing(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	r := without(http.MethodPost, cloudRun, named("X_WX_OPENID", "o2", "X-WX_UNIONID", "u2")...)
	r.Header["x-wx-openid"] = []string{"o3"} // as no server of Go's makes it
	a := ask(t, v.Server, r)
	if want := (domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}); a.status != http.StatusOK || len(v.seen) != 1 || v.seen[0].Identity != want {
		t.Errorf("got %d and %+v, want %+v", a.status, v.seen, want)
	}
}
