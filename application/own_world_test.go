package application_test

import (
	"wxlogin/application"
)

// What the use cases of a user's own account share, of the world as it is now.

func (w *world) accounts() *application.AccountKeeper {
	return application.NewAccountKeeper(w.users, w.profiles, w.phones, w.clock)
}

func (w *world) sessionKeys() *application.SessionKeys {
	return application.NewSessionKeys(w.sessions, w.sealer, w.policy)
}

func (w *world) recorder() *application.Recorder {
	return application.NewRecorder(w.audit, w.events, w.clock, counter{})
}

func (w *world) binder() *application.PhoneBinder {
	return application.NewPhoneBinder(w.accounts(), w.numbers, w.recorder())
}

func (w *world) mover() *application.UserMover {
	return application.NewUserMover(w.users, w.unions, w.ender())
}

func (w *world) eraser() *application.UserEraser {
	return application.NewUserEraser(w.users, w.profiles, w.deletions, w.unions, w.avatars, w.ender(), w.recorder())
}

func (w *world) admitter() *application.UserAdmitter {
	linker := application.NewUserLinker(w.users, w.unions, w.mover(), w.phones, w.recorder(), w.policy)
	return application.NewUserAdmitter(w.users, w.deletions, linker, w.eraser(), w.recorder(), counter{})
}

func (w *world) exportUseCase() *application.ExportUseCase {
	return application.NewExportUseCase(w.accounts(), w.sessions, w.avatars, w.audit, w.clock)
}

func (w *world) accountUseCase() *application.AccountUseCase {
	return application.NewAccountUseCase(w.accounts())
}
