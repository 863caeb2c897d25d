package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/dig"
	"go.uber.org/fx"

	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const importUsage = `usage: wxlogin import scaffold --from mongodb://HOST/DATABASE --app-id wxid [--dry-run] [--after RECORD] [--flaws FILE]
       wxlogin import wafer --from mysql://USER:PASSWORD@HOST:PORT/DATABASE --app-id wxid [--dry-run] [--after RECORD] [--flaws FILE]
       --from-file FILE in place of --from reads the address from a file
       --flaws FILE makes a list, as CSV, of all that is wrong with records`

// importStop is how long the end of an import may take.
const importStop = 15 * time.Second

// importing is one import, as the command line asks for it.
type importing struct {
	service string
	from    domain.Secret
	order   ports.ImportOrder
	flaws   string // the file to list them in; empty: none
}

// runImport is "wxlogin import". It works on the store beside a running service.
func runImport(ctx context.Context, env environment, args []string) int {
	job, err := parseImport(args)
	if err != nil {
		_, _ = fmt.Fprintf(env.stderr, "wxlogin: %v\n%s\n", err, importUsage)
		return exitUsage
	}
	cfg, log, ok := load(config.Tool, env)
	if !ok {
		return exitUsage
	}
	cfg, err = job.into(cfg)
	if err != nil {
		_, _ = fmt.Fprintln(env.stderr, "wxlogin:", err)
		return exitUsage
	}
	former, _ := compose.Former(job.service, config.Former{URI: job.from})
	var uc ports.ImportUseCase
	app := fx.New(compose.Core(cfg, log), former, fx.Populate(&uc))
	if err := app.Start(ctx); err != nil {
		return fail(env, dig.RootCause(err))
	}
	report, err := job.run(ctx, env, uc)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), importStop)
	defer cancel()
	err = errors.Join(err, app.Stop(stopping))
	_, _ = fmt.Fprint(env.stdout, job.summary(report))
	if err != nil {
		return job.failed(env, report, err)
	}
	return 0
}

// run does the job, and tells how far it is.
func (job importing) run(ctx context.Context, env environment, uc ports.ImportUseCase) (report ports.ImportReport, err error) {
	flaws, err := newFlawList(job.flaws)
	if err != nil {
		return ports.ImportReport{After: job.order.After}, err
	}
	defer func() { err = errors.Join(err, flaws.Close()) }()
	bar := newProgress(env.stderr, job.order.DryRun)
	bar.live(lineAfter)
	defer bar.end()
	return uc.Import(ctx, job.order, importListener{bar, flaws})
}

func parseImport(args []string) (job importing, err error) {
	if len(args) == 0 {
		return job, errors.New("want the service to import from")
	}
	if _, known := compose.Former(args[0], config.Former{}); !known {
		return job, fmt.Errorf("there is nothing to import from %q", args[0])
	}
	job.service = args[0]
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(new(strings.Builder)) // the command's own is printed
	from := flags.String("from", "", "")
	file := flags.String("from-file", "", "")
	app := flags.String("app-id", "", "")
	flags.StringVar(&job.order.After, "after", "", "")
	flags.StringVar(&job.flaws, "flaws", "", "")
	flags.BoolVar(&job.order.DryRun, "dry-run", false, "")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return job, errors.New("these are not the options of import") // they may hold a password
	}
	job.order.AppID = domain.AppID(*app)
	if *app == "" || (*from == "") == (*file == "") {
		return job, errors.New("want --app-id, and one of --from and --from-file")
	}
	if *file != "" {
		text, err := os.ReadFile(*file)
		if err != nil {
			return job, err
		}
		*from = strings.TrimSpace(string(text))
	}
	job.from = domain.NewSecret(*from)
	return job, nil
}

// into returns the settings with which the job can be done, or why it cannot.
func (job importing) into(cfg config.Config) (config.Config, error) {
	if !slices.ContainsFunc(cfg.WeChat.Apps, func(a config.App) bool { return a.ID == job.order.AppID }) {
		return cfg, fmt.Errorf("WECHAT_APPS does not name the mini program %q: set it as the service has it", job.order.AppID)
	}
	if cfg.MongoDB.Used() {
		return cfg, nil
	}
	if info, err := os.Stat(cfg.SQLite.Dir); err != nil || !info.IsDir() {
		return cfg, errors.New("there is no store: set MONGODB_URI, or DATA_DIR to a directory, as the service has it")
	}
	if _, err := os.Stat(filepath.Join(cfg.SQLite.Dir, "wxlogin.db")); err != nil && job.order.DryRun {
		cfg.SQLite.Dir = config.InMemory // nobody is there yet, and no file is to be made
	}
	return cfg, nil
}
