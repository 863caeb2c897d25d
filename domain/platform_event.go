package domain

import "time"

// PlatformEvent is what WeChat tells about a user whose data it handed out:
// https://developers.weixin.qq.com/miniprogram/dev/server/event_push/platform/authorized_user_information_changes
type PlatformEvent struct {
	AppID  AppID
	OpenID OpenID
	// Withdrawn is what of the profile must go, as far as it was learned by At.
	Withdrawn Attributes
	// Cancelled says that the person closed the WeChat account.
	Cancelled bool
	// Sealed says that the event came encrypted: that WeChat said all of it. The
	// signature of one that did not covers the time and not a word of the event.
	Sealed bool
	At     time.Time // when it happened, to the second, by WeChat's clock
}

// Concerns reports whether the event asks for anything.
func (e PlatformEvent) Concerns() bool { return e.Withdrawn != 0 || e.Cancelled }

// PlatformToken is WeChat's access_token of an app. It belongs on servers alone.
type PlatformToken struct {
	Token     Secret
	ExpiresAt time.Time
}
