package application_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

const (
	theApp domain.AppID = "wx0123456789abcdef"
	minute              = time.Minute
	hour                = time.Hour
	day                 = 24 * time.Hour
	grace               = 30 * time.Second
)

// world is what the use cases stand on: real rules, stores in memory, and for
// the rest the least that keeps its port's promises. A test replaces what it is
// about.
type world struct {
	apps        ports.AppDirectory
	wechat      ports.CodeExchanger
	reader      ports.OpenDataReader
	numbers     *numbers
	keys        *checking
	maker       ports.AvatarMaker
	avatars     *album
	users       ports.UserRepository
	profiles    ports.ProfileRepository
	deletions   ports.DeletionRepository
	unions      ports.UnionRepository
	audit       ports.AuditLog
	phones      ports.PhoneSealer
	sessions    ports.SessionRepository
	chains      ports.RefreshRepository
	sealer      ports.SessionKeySealer
	issuer      ports.AccessTokenIssuer
	mint        *mint
	revocations *known
	pauser      ports.Pauser
	events      *diary
	clock       *frozen
	policy      application.Policy
}

func newWorld() *world {
	clock := &frozen{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	users, sessions, mint := memory.NewUserRepository(), memory.NewSessionRepository(clock), &mint{}
	return &world{
		apps:        directory(func(domain.AppID) (domain.AppID, error) { return theApp, nil }),
		wechat:      knows("o1"),
		reader:      reading(func(domain.Secret) (domain.Profile, error) { return domain.Profile{}, domain.ErrOpenDataInvalid }),
		numbers:     &numbers{},
		keys:        &checking{},
		maker:       making(func(upload []byte) ([]byte, error) { return append([]byte("made of "), upload...), nil }),
		avatars:     &album{kept: map[domain.AvatarName][]byte{}},
		users:       users,
		profiles:    memory.NewProfileRepository(users),
		deletions:   memory.NewDeletionRepository(users),
		unions:      memory.NewUnionRepository(),
		audit:       memory.NewAuditLog(),
		phones:      numbering{},
		sessions:    sessions,
		chains:      memory.NewRefreshRepository(sessions),
		sealer:      &vault{},
		issuer:      mint,
		mint:        mint,
		revocations: &known{log: memory.NewRevocationLog(clock)},
		pauser:      &pausing{},
		events:      &diary{},
		clock:       clock,
		policy: application.Policy{
			AccessToken:  15 * minute,
			Sessions:     domain.Lifetimes{Idle: 30 * day, Absolute: 180 * day, Deviceless: day},
			RefreshGrace: grace,
			OpenDataAge:  5 * minute,
			CompatToken:  day,
			CoolingOff:   7 * day,
			LinkUnionIDs: true,
		},
	}
}

// loginUseCase builds the use case of the world as it is now.
func (w *world) loginUseCase() *application.LoginUseCase {
	return w.loginUseCaseWith(w.binder())
}

func (w *world) loginUseCaseWith(binder *application.PhoneBinder) *application.LoginUseCase {
	grants := application.NewGranter(w.issuer, w.policy)
	return application.NewLoginUseCase(w.apps, w.wechat, w.finisher(binder),
		application.NewLoginRetrier(w.chains, w.users, w.audit, w.accounts(), grants, w.clock, w.pauser, w.events))
}

func (w *world) vouchedLoginUseCase() *application.VouchedLoginUseCase {
	return application.NewVouchedLoginUseCase(w.apps, w.finisher(w.binder()))
}

func (w *world) finisher(binder *application.PhoneBinder) *application.LoginFinisher {
	opener := application.NewSessionOpener(w.sessions, w.sealer, application.NewGranter(w.issuer, w.policy), counter{}, w.policy)
	return application.NewLoginFinisher(application.NewProfileReader(w.reader, w.sessionKeys()), w.admitter(), opener, binder, w.clock)
}

func (w *world) ender() *application.SessionEnder {
	return application.NewSessionEnder(w.sessions, w.revocations, w.policy)
}

func (w *world) inspector() *application.Inspector {
	return application.NewInspector(w.mint, w.revocations, w.clock)
}

func (w *world) refreshUseCase() *application.RefreshUseCase {
	return application.NewRefreshUseCase(w.chains, w.users, w.ender(), application.NewGranter(w.issuer, w.policy),
		w.clock, counter{}, w.events, w.policy)
}

func (w *world) logoutUseCase() *application.LogoutUseCase {
	return application.NewLogoutUseCase(w.sessions, w.ender(), w.clock, w.events)
}

func (w *world) banUseCase() *application.BanUseCase {
	return application.NewBanUseCase(w.users, w.ender(), w.recorder(), w.clock)
}

func (w *world) revokeTokenUseCase() *application.RevokeTokenUseCase {
	return application.NewRevokeTokenUseCase(w.inspector(), w.chains, w.ender(), w.clock, w.events)
}

// sabotage puts the fault into every store.
func (w *world) sabotage(f *contract.Fault) {
	w.users, w.sessions, w.chains = f.Users(w.users), f.Sessions(w.sessions), f.Refreshes(w.chains)
	w.revocations.log = f.Revocations(w.revocations.log)
	w.profiles, w.deletions = f.Profiles(w.profiles), f.Deletions(w.deletions)
	w.unions, w.audit = f.Unions(w.unions), f.Audit(w.audit)
}

// login logs in and fails t if that fails.
func (w *world) login(t *testing.T, cmd ports.LoginCommand) ports.Login {
	t.Helper()
	got, err := w.loginUseCase().Login(t.Context(), cmd)
	if err != nil {
		t.Fatalf("Login: got %v, want no error", err)
	}
	return got
}

// live returns the person's live sessions.
func (w *world) live(t *testing.T, openID domain.OpenID) []domain.Session {
	t.Helper()
	found, err := w.sessions.FindLive(t.Context(), domain.WeChatIdentity{AppID: theApp, OpenID: openID}.Key(), w.clock.Now())
	if err != nil {
		t.Fatalf("FindLive: got %v, want no error", err)
	}
	return found
}

// withCode is the least that a client sends.
func withCode(code string) ports.LoginCommand {
	return ports.LoginCommand{AppID: theApp, Code: domain.NewSecret(code)}
}

func onDevice(cmd ports.LoginCommand, id string) ports.LoginCommand {
	cmd.Device = domain.Device{ID: id, Name: "iPhone 15", Platform: "ios"}
	return cmd
}

func withOpenData(cmd ports.LoginCommand) ports.LoginCommand {
	cmd.OpenData = domain.OpenData{EncryptedData: "data", IV: "iv"}
	return cmd
}

// mustFailWith checks the error of a refused login, and that nothing came along.
func mustFailWith(t *testing.T, got ports.Login, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "login: ") {
		t.Errorf("got error %q, want the use case's name before it", err)
	}
	if got.Session.ID != "" || got.User.ID != "" || got.Compat != nil || !got.Tokens.Access.Empty() || !got.Tokens.Refresh.Empty() {
		t.Errorf("got %+v, want nothing besides the error", got)
	}
}
