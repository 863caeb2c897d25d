package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"time"

	"wxlogin/adapters/jwttoken"
)

const (
	keysUsage = `usage: wxlogin keys generate --dir DIR [--alg ALG]
       wxlogin keys list --dir DIR
       wxlogin keys rotate --dir DIR [--alg ALG] [--wait 10m] [--keep 25h]
       wxlogin keys remove --dir DIR --kid KID`

	// learned is how long it takes until everybody knows a new key: services look
	// once a second, and others may keep the key set for its max-age.
	learned = 300*time.Second + time.Second

	// keepKeys is the life of the longest tokens, those of the compatibility
	// protocols, and an hour for clocks and caches.
	keepKeys = 24*time.Hour + time.Hour
)

// keyFlags are the flags of the keys commands; each takes those that it names.
type keyFlags struct {
	dir, alg, kid string
	wait, keep    time.Duration
}

var keysCommands = map[string]struct {
	flags []string
	run   func(env environment, f keyFlags) int
}{
	"generate": {[]string{"dir", "alg"}, generateKey},
	"list":     {[]string{"dir"}, listKeys},
	"rotate":   {[]string{"dir", "alg", "wait", "keep"}, rotateKeys},
	"remove":   {[]string{"dir", "kid"}, removeKey},
}

// runKeys is "wxlogin keys". Services take over what it does within about a
// second, without a restart.
func runKeys(_ context.Context, env environment, args []string) int {
	if len(args) > 0 {
		if c, ok := keysCommands[args[0]]; ok {
			if f, ok := parseKeyFlags(env, c.flags, args[1:]); ok {
				return c.run(env, f)
			}
		}
	}
	_, _ = fmt.Fprintln(env.stderr, keysUsage)
	return exitUsage
}

func parseKeyFlags(env environment, names, args []string) (f keyFlags, ok bool) {
	flags := flag.NewFlagSet("keys", flag.ContinueOnError)
	flags.SetOutput(env.stderr)
	flags.Usage = func() {} // the commands' own is printed
	for _, name := range names {
		switch name {
		case "dir":
			flags.StringVar(&f.dir, name, "", "")
		case "alg":
			flags.StringVar(&f.alg, name, "ES256", "")
		case "kid":
			flags.StringVar(&f.kid, name, "", "")
		case "wait":
			flags.DurationVar(&f.wait, name, 10*time.Minute, "")
		case "keep":
			flags.DurationVar(&f.keep, name, keepKeys, "")
		}
	}
	ok = flags.Parse(args) == nil && flags.NArg() == 0 && f.dir != "" && f.wait >= 0 && f.keep >= 0
	return f, ok && (f.kid != "" || !slices.Contains(names, "kid"))
}

func generateKey(env environment, f keyFlags) int {
	now := time.Now()
	before, err := jwttoken.ReadKeyDirectory(f.dir, now) // it may not be there yet
	if err == nil && len(before.Of(f.alg)) > 0 {
		warn(env, "the key signs at once, before others know it: wxlogin keys rotate gives them the time")
	}
	path, kid, err := jwttoken.GenerateKey(f.dir, f.alg, now)
	if err != nil {
		return fail(env, err)
	}
	_, _ = fmt.Fprintf(env.stdout, "%s\nkid %s\n", path, kid)
	return 0
}

func listKeys(env environment, f keyFlags) int {
	keys, ok := readKeys(env, f.dir)
	if !ok {
		return exitFailed
	}
	for _, k := range keys.Keys {
		_, _ = fmt.Fprintf(env.stdout, "%s %s %s %s\n", k.ID, k.Alg, k.Path, state(k))
	}
	return 0
}

func state(k jwttoken.KeyFile) string {
	switch {
	case k.Signs:
		return "signing"
	case !k.Retired.IsZero():
		return "retired, removable from " + stamp(k.Retired.Add(keepKeys))
	}
	return "next from " + stamp(k.From)
}

// stamp never tells a time that is yet to come as if it had.
func stamp(t time.Time) string {
	return t.Add(time.Second - 1).UTC().Truncate(time.Second).Format(time.RFC3339)
}

func rotateKeys(env environment, f keyFlags) int {
	if f.wait < learned {
		warn(env, fmt.Sprintf("a --wait of %v is shorter than the %v in which others learn of a key: they may refuse its first tokens", f.wait, learned))
	}
	keys, ok := readKeys(env, f.dir)
	if !ok {
		return exitFailed
	}
	made, removed, err := keys.Rotate(f.alg, f.wait, f.keep)
	for _, k := range removed {
		_, _ = fmt.Fprintf(env.stdout, "removed %s %s, retired since %s\n", k.ID, k.Path, stamp(k.Retired))
	}
	if err != nil {
		return fail(env, err)
	}
	if !made {
		_, _ = fmt.Fprintln(env.stdout, "the next key is there already: none was made")
	}
	showTurns(env, keys.Of(f.alg))
	return 0
}

// showTurns tells which key signs, and which will.
func showTurns(env environment, keys []jwttoken.KeyFile) {
	for _, k := range keys {
		switch {
		case k.Signs:
			_, _ = fmt.Fprintf(env.stdout, "signs now %s %s\n", k.ID, k.Path)
		case k.Retired.IsZero():
			_, _ = fmt.Fprintf(env.stdout, "signs from %s %s %s\n", stamp(k.From), k.ID, k.Path)
		}
	}
}

func removeKey(env environment, f keyFlags) int {
	keys, ok := readKeys(env, f.dir)
	if !ok {
		return exitFailed
	}
	var alg string
	for _, k := range keys.Keys {
		if k.ID == f.kid {
			alg = k.Alg
		}
	}
	removed, err := keys.Remove(f.kid)
	for _, path := range removed {
		_, _ = fmt.Fprintf(env.stdout, "removed %s %s\n", f.kid, path)
	}
	if err != nil {
		return fail(env, err)
	}
	showTurns(env, keys.Of(alg))
	return 0
}

// readKeys reads the directory, and warns of the files that nothing touches.
func readKeys(env environment, dir string) (*jwttoken.KeyDirectory, bool) {
	keys, err := jwttoken.ReadKeyDirectory(dir, time.Now())
	if err != nil {
		fail(env, err)
		return nil, false
	}
	for _, fault := range keys.Faults {
		warn(env, fmt.Sprintf("%v: it is left alone, and no service starts with it", fault))
	}
	return keys, true
}

func warn(env environment, text string) {
	_, _ = fmt.Fprintln(env.stderr, "wxlogin: warning:", text)
}

// fail tells what went wrong and returns the exit code.
func fail(env environment, err error) int {
	_, _ = fmt.Fprintln(env.stderr, "wxlogin:", err)
	return exitFailed
}
