// Package wafertable reads the users of a wafer2 service: the table cSessionInfo of
// its MySQL or MariaDB. It never asks for skeys and session_keys.
package wafertable

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"wxlogin/config"
	"wxlogin/ports"
)

var _ ports.FormerUsers = (*Table)(nil)

const (
	connectTimeout = 5 * time.Second
	defaultPort    = "3306"

	// openIDBytes is an openid as it is: the table compares in its own way, to which
	// two openids may be the same, but has its index in that order.
	openIDBytes = `CAST(CONVERT(open_id USING utf8mb4) AS BINARY)`

	// The server sorts. A table without its primary key may have several rows of an
	// openid.
	findRows = `SELECT open_id, uuid, FLOOR(UNIX_TIMESTAMP(create_time)), FLOOR(UNIX_TIMESTAMP(last_visit_time)), user_info
		FROM cSessionInfo WHERE ? = '' OR open_id > ? OR (open_id = ? AND ` + openIDBytes + ` > CAST(? AS BINARY))
		ORDER BY open_id, ` + openIDBytes + `, last_visit_time, uuid`
	findOpenID = `SELECT open_id FROM cSessionInfo WHERE uuid = ? AND CAST(CONVERT(uuid USING utf8mb4) AS BINARY) = CAST(? AS BINARY)
		AND open_id <> '' ORDER BY open_id, ` + openIDBytes + ` LIMIT 1`
	countRows = `SELECT COUNT(*) FROM cSessionInfo`
)

// Table implements ports.FormerUsers.
type Table struct{ db *sql.DB }

// New returns the table in the database that cfg names, and does not wait for a
// server. Its error says nothing of the URI, which may hold a password.
func New(cfg config.Former) (*Table, error) {
	how, err := parse(cfg.URI.Reveal())
	if err != nil {
		return nil, fmt.Errorf("wafer2's database: %w", err)
	}
	connector, err := mysql.NewConnector(how)
	if err != nil {
		return nil, errors.New("wafer2's database: the URI is not one that the driver takes")
	}
	return &Table{sql.OpenDB(connector)}, nil
}

// parse takes mysql://user:password@host:port/database, with ?tls=true where the
// server is to prove who it is, or skip-verify where it need not.
func parse(uri string) (*mysql.Config, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "mysql" || u.Hostname() == "" || len(u.Path) < 2 || misread(u) {
		return nil, errors.New("want mysql://user:password@host:port/database, with what is special in a password escaped")
	}
	how := mysql.NewConfig()
	how.User = u.User.Username()
	how.Passwd, _ = u.User.Password()
	how.Net, how.DBName = "tcp", strings.TrimPrefix(u.Path, "/")
	how.Addr = u.Host
	if u.Port() == "" {
		how.Addr = net.JoinHostPort(u.Hostname(), defaultPort)
	}
	how.Timeout = connectTimeout
	how.Logger = &mysql.NopLogger{}                             // what fails is returned as well
	how.Params = map[string]string{"net_write_timeout": "3600"} // rows wait here while others are stored
	for name, values := range u.Query() {
		if name != "tls" {
			return nil, errors.New("the URI has a parameter that is not tls, or a password in it that is not escaped")
		}
		how.TLSConfig = values[0]
	}
	return how, nil
}

// misread reports whether u may have a part of a password in its host, its path or
// behind that: a password that is not escaped ends at its first / or #, and what is
// before it, without a user, is taken for the server.
func misread(u *url.URL) bool {
	return u.User == nil || u.Fragment != "" || strings.ContainsAny(u.Path[1:], "/@") || strings.Contains(u.RawQuery, "@")
}

// Close ends the connections.
func (t *Table) Close() error { return t.db.Close() }

// Count implements ports.FormerUsers.
func (t *Table) Count(ctx context.Context) (n int64, err error) {
	if err := t.db.QueryRowContext(ctx, countRows).Scan(&n); err != nil {
		return 0, fmt.Errorf("wafer2's database: %w", err)
	}
	return n, nil
}

// Records implements ports.FormerUsers, by openid as the table compares them, and by
// its bytes where to the table two are the same. The rows come as they are read.
func (t *Table) Records(ctx context.Context, after string) iter.Seq2[ports.FormerRecord, error] {
	return func(yield func(ports.FormerRecord, error) bool) {
		err := t.each(ctx, after, func(r ports.FormerRecord) (more bool) { return yield(r, nil) })
		if err != nil {
			yield(ports.FormerRecord{}, fmt.Errorf("wafer2's database: %w", err))
		}
	}
}

// each has every row used, until there is no more use for any.
func (t *Table) each(ctx context.Context, after string, use func(ports.FormerRecord) (more bool)) error {
	behind := ""
	if after != "" {
		err := t.db.QueryRowContext(ctx, findOpenID, after, after).Scan(&behind)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("there is no record of the uuid %q", after)
		}
		if err != nil {
			return err
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // for where there are no rows
	rows, err := t.db.QueryContext(ctx, findRows, behind, behind, behind, behind)
	if err != nil {
		return err
	}
	defer func() {
		stop() // else Close would read all that is left
		_ = rows.Close()
	}()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.openID, &r.uuid, &r.created, &r.visited, &r.userInfo); err != nil {
			return err
		}
		if !use(r.record()) {
			return nil
		}
	}
	return rows.Err()
}
