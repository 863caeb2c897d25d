package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"

	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const usersUsage = `usage: wxlogin users show USER_ID
       wxlogin users find PHONE        a number such as +8613580006666
       wxlogin users ban USER_ID
       wxlogin users unban USER_ID
       wxlogin users link USER_ID INTO_USER_ID
       wxlogin users unlink USER_ID FORMER_USER_ID
       wxlogin users reset-session-key USER_ID`

// userCommand does one thing to users, named by as many arguments as it takes.
type userCommand struct {
	arguments int
	run       func(ctx context.Context, env environment, args []string) int
}

var userCommands = map[string]userCommand{
	"show":              {1, with(showUser)},
	"find":              {1, with(findUsers)},
	"ban":               {1, with(banUser)},
	"unban":             {1, with(unbanUser)},
	"link":              {2, with(linkUsers)},
	"unlink":            {2, with(unlinkUsers)},
	"reset-session-key": {1, with(resetSessionKeys)},
}

// runUsers is "wxlogin users". It works on the store beside a running service.
func runUsers(ctx context.Context, env environment, args []string) int {
	if len(args) > 0 {
		if c, ok := userCommands[args[0]]; ok && len(args) == 1+c.arguments {
			return c.run(ctx, env, args[1:])
		}
	}
	_, _ = fmt.Fprintln(env.stderr, usersUsage)
	return exitUsage
}

// with makes a command of a function that needs one use case, on the store that
// the settings name, and prints what came of it. Nothing else is built: a command
// needs no more keys than its use case.
func with[U any](do func(ctx context.Context, uc U, out io.Writer, args []string) error) func(context.Context, environment, []string) int {
	return func(ctx context.Context, env environment, args []string) int {
		cfg, log, ok := load(config.Tool, env)
		if !ok {
			return exitUsage
		}
		if _, err := os.Stat(cfg.SQLite.Dir); err != nil && !cfg.MongoDB.Used() {
			_, _ = fmt.Fprintln(env.stderr, "wxlogin: there is no store: set MONGODB_URI or DATA_DIR as the service has it")
			return exitFailed
		}
		cfg, err := compose.FindKeys(cfg)
		if err != nil {
			return fail(env, err)
		}
		var uc U
		app := fx.New(compose.Core(cfg, log), fx.Populate(&uc))
		if err := app.Start(ctx); err != nil {
			return fail(env, dig.RootCause(err))
		}
		err = do(ctx, uc, env.stdout, args)
		if stopped := app.Stop(ctx); err == nil {
			err = stopped
		}
		if err != nil {
			return fail(env, err)
		}
		return 0
	}
}

func banUser(ctx context.Context, uc ports.BanUseCase, out io.Writer, args []string) error {
	user, err := uc.Ban(ctx, domain.UserID(args[0]))
	return tell(out, user, err)
}

func unbanUser(ctx context.Context, uc ports.BanUseCase, out io.Writer, args []string) error {
	user, err := uc.Unban(ctx, domain.UserID(args[0]))
	return tell(out, user, err)
}

// tell prints who a user is and whether the user may log in.
func tell(out io.Writer, user domain.WeChatUser, err error) error {
	if err != nil {
		return err
	}
	state := "may log in"
	switch {
	case user.Admit() != nil:
		state = "is banned since " + user.BannedAt.Format(time.RFC3339)
	case !user.DeletionAt.IsZero():
		state = "has left, and is erased at " + user.DeletionAt.Format(time.RFC3339) + " unless a login comes first"
	}
	_, _ = fmt.Fprintln(out, user.ID, state)
	return nil
}

// showUser prints what an operator needs to decide on a user, and of what WeChat
// calls the person nothing.
func showUser(ctx context.Context, uc ports.InspectUsersUseCase, out io.Writer, args []string) error {
	user, err := uc.User(ctx, domain.UserID(args[0]))
	if err := tell(out, user, err); err != nil {
		return err
	}
	for _, part := range user.All() {
		first := "never" // here: an import made it
		if !part.FirstLoginAt.IsZero() {
			first = part.FirstLoginAt.Format(time.RFC3339)
		}
		_, _ = fmt.Fprintf(out, "identity app=%s user=%s created=%s first_login=%s last_login=%s nickname=%t avatar=%t phone=%t unionid=%t\n",
			part.Identity.AppID, part.Original(), part.CreatedAt.Format(time.RFC3339), first, part.LastLoginAt.Format(time.RFC3339),
			part.Profile.Nickname != "", part.Avatar != "" || part.Profile.AvatarURL != "", !part.Phone.Empty(), part.Identity.UnionID != "")
	}
	return nil
}

func findUsers(ctx context.Context, uc ports.FindByPhoneUseCase, out io.Writer, args []string) error {
	number, ok := anyNumber(args[0])
	if !ok {
		return errors.New("want a phone number with its country code, such as +8613580006666")
	}
	found, err := uc.FindByPhone(ctx, number)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errors.New("nobody has this number")
	}
	for _, user := range found {
		_ = tell(out, user, nil)
	}
	return nil
}

// anyNumber takes a number in the form of E.164, with or without blanks. Where the
// country code ends does not matter to who looks for it.
func anyNumber(text string) (domain.PhoneNumber, bool) {
	text = strings.ReplaceAll(text, " ", "")
	if len(text) < 3 {
		return domain.PhoneNumber{}, false
	}
	return domain.ParsePhoneNumber(text[:2] + " " + text[2:])
}

func linkUsers(ctx context.Context, uc ports.LinkUseCase, out io.Writer, args []string) error {
	user, err := uc.Link(ctx, domain.UserID(args[0]), domain.UserID(args[1]))
	return tell(out, user, err)
}

func unlinkUsers(ctx context.Context, uc ports.LinkUseCase, out io.Writer, args []string) error {
	user, err := uc.Unlink(ctx, domain.UserID(args[0]), domain.UserID(args[1]))
	return tell(out, user, err)
}

func resetSessionKeys(ctx context.Context, uc ports.ResetSessionKeyUseCase, out io.Writer, args []string) error {
	n, err := uc.ResetSessionKeys(ctx, domain.UserID(args[0]))
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s has %d new session_key(s)\n", args[0], n)
	return nil
}
