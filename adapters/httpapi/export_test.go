package httpapi

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// Limits of the package that tests hold the service to.
const (
	MaxBody         = maxBody
	MaxPresented    = maxPresented
	MaxClients      = maxClients
	HandlerDeadline = handlerDeadline
	MaxPicture      = maxPicture
	UploadsAtOnce   = uploadsAtOnce
	UploadsOfUser   = uploadsOfUser
	AwaitUpload     = awaitUpload
	UploadSlack     = uploadSlack
	ReadUpload      = readUpload
)

// FirstWindow is the shortest window that logins are held to.
func FirstWindow() (logins int, per time.Duration) {
	return loginWindows[0].requests, loginWindows[0].per
}

// EdgeErrors returns every failure that only the edge knows.
func EdgeErrors() []error {
	return []error{errRequest, errNotFound, errMethod, errTooLarge, errMediaType, errGrant, errGrantType, errShuttingDown, errInternal}
}

// Codes returns every code that has texts.
func Codes() []string {
	codes := make([]string, 0, len(texts))
	for code := range texts {
		codes = append(codes, code)
	}
	return codes
}

// Routes returns what Echo serves.
func (s *Server) Routes() []*echo.Route {
	e, _ := s.http.Handler.(*echo.Echo)
	return e.Routes()
}

// HTTP returns the server below, for its timeouts to be read and, before Start,
// made short.
func (s *Server) HTTP() *http.Server { return s.http }

// FirstRefreshWindow is the shortest window that refreshes are held to.
func FirstRefreshWindow() (refreshes int, per time.Duration) {
	return refreshWindows[0].requests, refreshWindows[0].per
}

// FirstStrangerWindow is the shortest window that wrong secrets are held to.
func FirstStrangerWindow() (tries int, per time.Duration) {
	return strangerWindows[0].requests, strangerWindows[0].per
}

// Meet takes a login of address from the limits.
func (s *Server) Meet(address string) bool {
	return s.edge.logins.allow(network(address), time.Now())
}

// Spend leaves nothing in any window of address.
func (s *Server) Spend(address string) {
	for _, l := range []*limiter{s.edge.logins, s.edge.refreshes, s.edge.costly, s.edge.strangers} {
		for l.allow(network(address), time.Now()) {
		}
	}
}

// Clients returns how many client addresses are remembered.
func (s *Server) Clients() int { return s.edge.logins.clients.Len() }

// MeetPerson takes a login of somebody without a code from the limits.
func (s *Server) MeetPerson(who domain.IdentityKey) bool { return s.edge.people.allow(who, time.Now()) }

// People returns how many who logged in without a code are remembered.
func (s *Server) People() int { return s.edge.people.clients.Len() }

// Uploading returns how many seats are taken, and how many users are counted.
func (s *Server) Uploading() (taken, users int) {
	u := s.edge.uploads
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.all), len(u.users)
}
