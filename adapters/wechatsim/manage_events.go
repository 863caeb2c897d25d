package wechatsim

import "net/http"

// eventForm is a Push as JSON has it. Unless it says otherwise, the message is
// encrypted where the app has a key: its server would refuse any other.
type eventForm struct {
	Push
	URL       string `json:"url"`
	Encrypted *bool  `json:"encrypted"`
}

func (s *Simulator) pushEvent(w http.ResponseWriter, r *http.Request) {
	managed(func(in eventForm) (any, error) {
		a, err := s.appNamed(in.App)
		if err != nil {
			return nil, err
		}
		in.Push.Encrypted = a.EventKey != ""
		if in.Encrypted != nil {
			in.Push.Encrypted = *in.Encrypted
		}
		status, body, err := s.Push(r.Context(), in.URL, in.Push)
		return map[string]any{"status": status, "body": body}, err
	})(w, r)
}

// verifyForm says whose token the server at URL should know.
type verifyForm struct {
	App string `json:"app"`
	URL string `json:"url"`
}

func (s *Simulator) verifyURL(w http.ResponseWriter, r *http.Request) {
	managed(func(in verifyForm) (any, error) {
		return map[string]bool{"verified": true}, s.VerifyURL(r.Context(), in.App, in.URL)
	})(w, r)
}
