package wechatsim

import (
	_ "embed" // for the help page
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// target is whom a request is about; both may be empty.
type target struct {
	App    string `json:"app"`
	Person string `json:"person"`
}

// freshCode is a code, bare or with its circumstances.
type freshCode struct {
	Code      string `json:"code"`
	ExpiresIn int    `json:"expires_in"`
}

func (c freshCode) word() string { return c.Code }

func (s *Simulator) makeCode(t target) (any, error) {
	code, err := s.Code(t.App, t.Person)
	return freshCode{code, int(codeLife.Seconds())}, err
}

func (s *Simulator) makePhoneCode(t target) (any, error) {
	code, err := s.PhoneCode(t.App, t.Person)
	return freshCode{code, int(codeLife.Seconds())}, err
}

// openDataForm says whose open data is wanted, and of which kind.
type openDataForm struct {
	target
	Kind string `json:"kind"`
}

func (s *Simulator) makeOpenData(in openDataForm) (any, error) {
	return s.OpenData(in.App, in.Person, in.Kind)
}

func (s *Simulator) rotate(t target) (any, error) {
	key, err := s.RotateSessionKey(t.App, t.Person)
	return map[string]string{"session_key": key}, err
}

// unionForm says by which unionid an app is to name a person; empty is none.
type unionForm struct {
	target
	UnionID string `json:"unionid"`
}

func (s *Simulator) setUnionID(in unionForm) (any, error) {
	if err := s.SetUnionID(in.App, in.Person, in.UnionID); err != nil {
		return nil, err
	}
	openID, unionID, err := s.Identity(in.App, in.Person)
	return map[string]string{"openid": openID, "unionid": unionID}, err
}

// appForm says which app is meant.
type appForm struct {
	App string `json:"app"`
}

func (s *Simulator) revokeTokens(in appForm) (any, error) {
	return struct{}{}, s.RevokeTokens(in.App)
}

func (s *Simulator) putPerson(p Person) (any, error) { return s.PutPerson(p) }

// faultForm is a Fault as JSON has it.
type faultForm struct {
	Fault
	Duration string `json:"duration,omitempty"`
}

func (s *Simulator) setFault(in faultForm) (any, error) {
	if in.Duration != "" {
		d, err := time.ParseDuration(in.Duration)
		if err != nil {
			return nil, fmt.Errorf("wechatsim: duration is written like 2s or 300ms: %w", err)
		}
		in.Fault.Duration = d
	}
	if err := s.SetFault(in.Fault); err != nil {
		return nil, err
	}
	return s.faultForms(), nil
}

// faultForms is what every call about faults answers: those that are set now.
func (s *Simulator) faultForms() any {
	forms := []faultForm{}
	for _, f := range s.Faults() {
		form := faultForm{Fault: f}
		if f.Duration > 0 {
			form.Duration = f.Duration.String()
		}
		forms = append(forms, form)
	}
	return map[string]any{"faults": forms}
}

func (s *Simulator) listFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.faultForms())
}

func (s *Simulator) dropFaults(w http.ResponseWriter, _ *http.Request) {
	s.ClearFaults()
	writeJSON(w, http.StatusOK, s.faultForms())
}

// listPeople shows a page of people, the first hundred unless asked otherwise.
func (s *Simulator) listPeople(w http.ResponseWriter, r *http.Request) {
	offset, limit := 0, 100
	for name, value := range map[string]*int{"offset": &offset, "limit": &limit} {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			refuse(w, http.StatusBadRequest, "wechatsim: "+name+" is a number, 0 or more")
			return
		}
		*value = n
	}
	people, total := s.People(offset, limit)
	writeJSON(w, http.StatusOK, map[string]any{"people": people, "total": total})
}

// listCalls shows all calls, or those with the code that is asked for. The count
// of a code reaches further back than the list.
func (s *Simulator) listCalls(w http.ResponseWriter, r *http.Request) {
	calls, total, repeated := s.calls.snapshot()
	if code := r.URL.Query().Get("code"); code != "" {
		calls = slices.DeleteFunc(calls, func(c Call) bool { return c.Code != clip(code) })
		writeJSON(w, http.StatusOK, map[string]any{"calls": calls, "count": s.CallsOf(code)})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"calls": calls, "total": total, "codes_repeated": repeated})
}

func (s *Simulator) dropCalls(w http.ResponseWriter, _ *http.Request) {
	s.ClearCalls()
	w.WriteHeader(http.StatusNoContent)
}

// helpText has blanks in braces, which help fills, so that every command in it
// can be pasted.
//
//go:embed help.txt
var helpText string

func (s *Simulator) help(w http.ResponseWriter, r *http.Request) {
	var apps, faults, paths strings.Builder
	for _, a := range s.apps {
		_, _ = fmt.Fprintf(&apps, "  %s\n", a.ID)
	}
	for _, e := range endpoints {
		_, _ = fmt.Fprintf(&paths, "  %s\n", e.path)
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		_, _ = fmt.Fprintf(&faults, "  %-15s %s\n", name, kinds[name].help)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	filled := strings.NewReplacer(
		"{base}", "http://"+r.Host, "{apps}\n", apps.String(), "{paths}\n", paths.String(), "{kinds}\n", faults.String(),
		"{events}", s.eventsURL(),
	)
	//nolint:gosec // plain text with nosniff, and the Host was checked
	_, _ = io.WriteString(w, filled.Replace(helpText))
}
