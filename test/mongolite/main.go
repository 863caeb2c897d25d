// Command mongolite speaks MongoDB's protocol over SQLite files, for tests on
// machines that have no MongoDB. It is a thin shell around FerretDB v1, says
// where it listens on standard output, and ends with its parent if asked to. It
// is no part of the product; README.md says in what it differs from MongoDB.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// linger is how long clients that stay connected may hold up the end.
const linger = time.Second

type settings struct {
	listen string
	dir    string
	stdin  bool
}

func main() {
	var s settings
	flag.StringVar(&s.listen, "listen", "127.0.0.1:27017", "host:port to serve on; port 0 takes a free one")
	flag.StringVar(&s.dir, "dir", "", "directory of the data; empty: a temporary one, removed at the end")
	flag.BoolVar(&s.stdin, "stdin", false, "end when standard input closes")
	flag.Parse()
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "mongolite:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if s.stdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	if s.dir == "" {
		dir, err := os.MkdirTemp("", "mongolite-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		s.dir = dir
	}
	return serve(ctx, s)
}

// serve runs until ctx ends. Telemetry is never on in FerretDB's embedded form.
func serve(ctx context.Context, s settings) error {
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: s.listen},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + filepath.ToSlash(s.dir) + "/?_pragma=synchronous(off)&_txlock=immediate",
	})
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- db.Run(ctx) }()
	fmt.Println("listening", db.MongoDBURI())
	<-ctx.Done()
	select {
	case err = <-ended:
	case <-time.After(linger):
	}
	return err
}
