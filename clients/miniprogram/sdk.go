// Package miniprogram holds the SDK of mini programs as it is built, for those who
// serve it to a browser.
package miniprogram

import _ "embed" // for the SDK

// SDK is the text of a CommonJS module that exports createClient: one file, ES5,
// which needs nothing else.
//
//go:embed miniprogram_dist/index.js
var SDK []byte
