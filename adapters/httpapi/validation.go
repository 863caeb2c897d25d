package httpapi

import (
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/go-playground/validator/v10"

	"wxlogin/domain"
)

// fieldFault is one thing that is wrong with a request.
type fieldFault struct {
	Field string `json:"field"` // path of JSON names; empty: the body as a whole
	Rule  string `json:"rule"`
}

// requestError is a request that does not validate.
type requestError struct{ faults []fieldFault }

// ruleUnknown marks a field whose name is the client's invention.
const ruleUnknown = "unknown"

// Error names the rules that were broken and the fields of ours; never a value,
// nor a name that the client made up, for either may be a secret gone astray.
func (e *requestError) Error() string {
	words := make([]string, len(e.faults))
	for i, f := range e.faults {
		words[i] = strings.TrimPrefix(f.Field+":"+f.Rule, ":")
		if f.Rule == ruleUnknown {
			words[i] = ruleUnknown
		}
	}
	return "invalid request: " + strings.Join(words, " ")
}

// bodyError tells a body that is too long from one that broke off.
func bodyError(err error) error {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return errTooLarge
	}
	return &requestError{[]fieldFault{{Rule: "body"}}}
}

var checker = newChecker()

var deviceIDPattern = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func newChecker() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	rules := map[string]validator.Func{
		// text without control characters, which would only trouble logs and stores
		"plain": func(f validator.FieldLevel) bool {
			return !strings.ContainsFunc(f.Field().String(), unicode.IsControl)
		},
		"nickname": func(f validator.FieldLevel) bool {
			_, ok := domain.ParseNickname(f.Field().String())
			return ok
		},
		"deviceid": func(f validator.FieldLevel) bool { return deviceIDPattern.MatchString(f.Field().String()) },
	}
	for name, rule := range rules {
		if err := v.RegisterValidation(name, rule); err != nil {
			return nil // cannot happen: the names are well-formed
		}
	}
	return v
}

// validate checks in against its validate tags.
func validate(in any) error {
	err := checker.Struct(in)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return err
	}
	faults := make([]fieldFault, len(broken))
	for i, b := range broken {
		_, path, _ := strings.Cut(b.Namespace(), ".")
		faults[i] = fieldFault{path, b.Tag()}
	}
	return &requestError{faults}
}
