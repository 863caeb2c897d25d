// Package application holds the use cases, one a file. A use case decides what
// happens next and in which order; what is true is the domain's business, and
// how it is done a port's. It logs nothing, reads no clock but the port, and
// knows neither HTTP nor a database.
package application

import (
	"time"

	"wxlogin/domain"
)

// Policy holds the lifetimes and limits that an operator may choose. All are
// positive.
type Policy struct {
	AccessToken time.Duration    // life of an access token
	Sessions    domain.Lifetimes // life of a session
	OpenDataAge time.Duration    // oldest open data that is believed
	// CompatToken is the life of a compatibility protocol's session and of its
	// one token, which cannot be renewed.
	CompatToken time.Duration
}
