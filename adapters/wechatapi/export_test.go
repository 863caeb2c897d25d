package wechatapi

import "time"

// AwaitSeat makes calls wait that long for a seat, where half a second would make
// a test depend on the machine's mood.
func (x *CodeExchanger) AwaitSeat(d time.Duration) {
	for _, a := range x.apps {
		a.guard.wait = d
	}
}
