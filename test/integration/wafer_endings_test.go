package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// waferEndings are the ways in which an skey ends before its day.
var waferEndings = map[string]func(t *testing.T, w world, other testkit.Login) testkit.Answer{
	"logout all": func(_ *testing.T, w world, other testkit.Login) testkit.Answer {
		return w.Post("/v1/logout/all", nil, testkit.Bearer(other.AccessToken))
	},
	"end session": func(t *testing.T, w world, other testkit.Login) testkit.Answer {
		var body struct{ Sessions []struct{ ID string } }
		if err := json.Unmarshal(w.Get("/v1/sessions", other.AccessToken).Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, s := range body.Sessions {
			if s.ID != other.Session.ID {
				return w.Delete("/v1/sessions/"+s.ID, other.AccessToken)
			}
		}
		return testkit.Answer{Err: fmt.Errorf("got sessions %v, want another one", body.Sessions)}
	},
	"leave": func(_ *testing.T, w world, other testkit.Login) testkit.Answer {
		return w.Delete("/v1/me", other.AccessToken)
	},
	"ban": func(t *testing.T, w world, other testkit.Login) testkit.Answer {
		return testkit.Answer{Status: http.StatusOK, Err: ban(t, w, other.User.ID)}
	},
}

func TestWaferSkeyIsRefusedEverywhereInTime(t *testing.T) { // I-04
	onThreeReplicas(t, func(t *testing.T, replicas []world) {
		for name, end := range waferEndings {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				phone := &waferPhone{w: replicas[0], person: name}
				phone.login(t, name)
				if a := end(t, replicas[1], replicas[1].onDevice(t, name, "device-tablet")); a.Err != nil || a.Status >= 300 {
					t.Fatalf("got %d %s %v", a.Status, a.Body, a.Err)
				}
				wantInTime(t, untilRefused(t, name, replicas, phone.skey, time.Now()))
				if answer := phone.user(t); answer.Code != -1 || answer.Error != "ERR_SKEY_INVALID" {
					t.Errorf("got %+v, want ERR_SKEY_INVALID", answer)
				}
				comesBack := name != "ban" && name != "leave" // without being asked
				if _, recovered, ok := phone.request(t); ok != comesBack || recovered != ok {
					t.Errorf("the client goes on: %v, after a silent login: %v", ok, recovered)
				}
			})
		}
	})
}
