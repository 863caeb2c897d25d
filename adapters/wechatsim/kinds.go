package wechatsim

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// kind is a way to go wrong. Each field that is set replaces one step of a good
// answer: the object, its bytes, or how they are sent.
type kind struct {
	help  string
	early bool // the call takes no effect, unless the fault is Late
	spoil func(Fault, answer, time.Time) answer
	shape func(Fault, reply) reply
	send  func(*Simulator, http.ResponseWriter, *http.Request, Fault, reply)
}

// kinds are all there are, by the name that a Fault calls them.
var kinds = map[string]kind{
	"errcode":        {help: `the error "errcode", any number; "quoted": as a string`, early: true, spoil: otherError},
	"hang":           {help: "no answer, ever, until the client gives up", early: true, send: hang},
	"reset":          {help: "TCP reset once the request is read", early: true, send: reset},
	"consume":        {help: "takes effect (the code is used up), then TCP reset", send: reset},
	"status":         {help: `the HTTP "status" (default 502) with a line of text`, early: true, shape: badStatus},
	"html":           {help: "200 with a web page", early: true, shape: webPage},
	"empty":          {help: "200 with no body", early: true, shape: emptyBody},
	"delay":          {help: `the good answer after "duration"`, send: delay},
	"slow":           {help: `the good answer byte by byte over "duration"`, send: drip},
	"truncated":      {help: "the first half of the good answer", shape: half},
	"array":          {help: "the good answer inside an array", shape: inArray},
	"wrong_type":     {help: "the good answer with each value inside an array", spoil: valuesInArrays},
	"no_openid":      {help: "the good answer without openid", spoil: without("openid")},
	"no_session_key": {help: "the good answer without session_key", spoil: without("session_key")},
	"errcode_zero":   {help: "the good answer with errcode 0 in it", spoil: explicitSuccess},
	"huge":           {help: `the good answer after "size" bytes of padding`, send: huge},
	"gzip_bomb":      {help: `as huge, but compressed`, shape: bomb},
}

// effective reports whether the call does what it asks for.
func (f Fault) effective() bool { return f.Late || !kinds[f.Kind].early }

// code returns the errcode that the call log shows.
func (f Fault) code(a answer) int {
	if f.Kind == "errcode" {
		return f.ErrCode
	}
	return a.errcode()
}

// spoil changes the object that is answered.
func (f Fault) spoil(a answer, now time.Time) answer {
	if spoil := kinds[f.Kind].spoil; spoil != nil {
		return spoil(f, a, now)
	}
	return a
}

// send writes the answer, spoilt or not, the way this fault does.
func (f Fault) send(s *Simulator, w http.ResponseWriter, r *http.Request, good reply) {
	k := kinds[f.Kind]
	if k.shape != nil {
		good = k.shape(f, good)
	}
	if k.send == nil {
		good.write(w)
		return
	}
	k.send(s, w, r, f, good)
}

// otherError answers with a number that the simulator need not know.
func otherError(f Fault, _ answer, now time.Time) answer {
	a := failure(errcode(f.ErrCode), now)
	if f.Quoted {
		a["errcode"] = strconv.Itoa(f.ErrCode)
	}
	return a
}

func valuesInArrays(_ Fault, a answer, _ time.Time) answer {
	for name, value := range a {
		a[name] = []any{value}
	}
	return a
}

func without(name string) func(Fault, answer, time.Time) answer {
	return func(_ Fault, a answer, _ time.Time) answer {
		delete(a, name)
		return a
	}
}

// explicitSuccess leaves an answer that is an error as it is.
func explicitSuccess(_ Fault, a answer, _ time.Time) answer {
	if a.errcode() == 0 {
		a["errcode"], a["errmsg"] = 0, "ok"
	}
	return a
}

func badStatus(f Fault, r reply) reply {
	r.status, r.contentType = f.Status, plainText
	r.body = []byte(strconv.Itoa(f.Status) + " " + http.StatusText(f.Status) + "\n")
	return r
}

// webPage is what a captive portal would say in WeChat's place.
func webPage(_ Fault, r reply) reply {
	r.contentType = "text/html; charset=utf-8"
	r.body = []byte("<!doctype html><title>Welcome</title><p>You are online. Please sign in to continue.")
	return r
}

func emptyBody(_ Fault, r reply) reply {
	r.body = nil
	return r
}

func half(_ Fault, r reply) reply {
	r.body = r.body[:len(r.body)/2]
	return r
}

func inArray(_ Fault, r reply) reply {
	r.body = []byte("[" + string(r.body) + "]")
	return r
}

func bomb(f Fault, r reply) reply {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.Copy(z, padded(f, r)) // into memory: cannot fail
	_ = z.Close()
	r.body, r.encoding = packed.Bytes(), "gzip"
	return r
}

// padded is r's object with a first member that is as long as f says.
func padded(f Fault, r reply) io.Reader {
	const opening, closing = `{"padding":"`, `",`
	return io.MultiReader(
		strings.NewReader(opening), io.LimitReader(endless{}, int64(f.Size)), strings.NewReader(closing), bytes.NewReader(r.body[1:]),
	)
}

// endless is a reader of one letter.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}
