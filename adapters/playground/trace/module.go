package trace

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Around puts the recorder around the ports that requests use. It belongs in the
// service's own module: a port can be decorated once in each, and the root is for
// tests that swap adapters.
func Around(r *Recorder) fx.Option {
	return fx.Decorate(
		func(next ports.UserRepository) ports.UserRepository { return users{next, r} },
		func(next ports.ProfileRepository) ports.ProfileRepository { return profiles{next, r} },
		func(next ports.DeletionRepository) ports.DeletionRepository { return deletions{next, r} },
		func(next ports.UnionRepository) ports.UnionRepository { return unions{next, r} },
		func(next ports.SessionRepository) ports.SessionRepository { return sessions{next, r} },
		func(next ports.RefreshRepository) ports.RefreshRepository { return refreshes{next, r} },
		func(next ports.RevocationLog) ports.RevocationLog { return revocations{next, r} },
		func(next ports.AvatarStore) ports.AvatarStore { return avatars{next, r} },
		func(next ports.AuditLog) ports.AuditLog { return audit{next, r} },
		func(next ports.CodeExchanger) ports.CodeExchanger { return codes{next, r} },
		func(next ports.PhoneCodeExchanger) ports.PhoneCodeExchanger { return phones{next, r} },
		func(next ports.PlatformTokens) ports.PlatformTokens { return tokens{next, r} },
		func(next ports.SessionKeyChecker) ports.SessionKeyChecker { return keys{next, r} },
	)
}
