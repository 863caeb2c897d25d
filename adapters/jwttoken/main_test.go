package jwttoken_test

import (
	"testing"

	"go.uber.org/goleak"
)

// No test leaves a keyring behind that looks at its directory.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
