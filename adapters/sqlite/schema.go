package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrateAttempts is how often Open tries. Of processes that start at the same
// moment one migrates, and the others fail once before they find its work done.
const migrateAttempts = 3

// migrate applies what is in migrations and not yet in the database, each in a
// transaction of its own.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	for range migrateAttempts {
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
	}
	return err
}
