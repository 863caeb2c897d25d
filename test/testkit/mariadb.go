package testkit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver
)

// MariaDBUser and MariaDBPassword are who may do everything on MariaDB's server.
const (
	MariaDBUser     = "wafer"
	MariaDBPassword = "p@ss/w:rd?#%"
	mariaStart      = 60 * time.Second
)

// mariaServer is a MariaDB server that tests may use.
type mariaServer struct {
	address string
	stop    func()
}

// sharedMaria is the one server of a test binary, started when first asked for.
var sharedMaria struct {
	sync.Mutex
	server *mariaServer
	err    error
}

// MariaDB returns the address, host:port, of a MariaDB server and a connection to
// an empty database on it, of the name that it returns, that is t's alone and gone after
// it. The server is Debian's mariadbd, a child process that ends with this one,
// however that ends. Where it is not there t is skipped, and fails in CI.
//
// A TestMain that calls StopMariaDB ends the server.
func MariaDB(t testing.TB) (address, database string, db *sql.DB) {
	t.Helper()
	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := lookSystem(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing", program)
			}
			t.Skipf("needs %s: .ci/tools installs what Debian has", program)
		}
	}
	sharedMaria.Lock()
	if sharedMaria.server == nil && sharedMaria.err == nil {
		sharedMaria.server, sharedMaria.err = startMariaDB()
	}
	server, err := sharedMaria.server, sharedMaria.err
	sharedMaria.Unlock()
	if err != nil {
		t.Fatalf("testkit: no MariaDB to test with: %v", err)
	}
	database = databaseName(t.Name())
	if err := execMaria(server.address, "CREATE DATABASE "+database+" CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	db, err = openMaria(server.address, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(db.Close(), execMaria(server.address, "DROP DATABASE "+database)); err != nil {
			t.Errorf("testkit: drop database %s: %v", database, err)
		}
	})
	return server.address, database, db
}

// StopMariaDB ends the server that MariaDB started, if it did.
func StopMariaDB() {
	sharedMaria.Lock()
	defer sharedMaria.Unlock()
	if sharedMaria.server != nil {
		sharedMaria.server.stop()
		sharedMaria.server = nil
	}
}

func openMaria(address, database string) (*sql.DB, error) {
	return sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/%s?timeout=5s", MariaDBUser, MariaDBPassword, address, database))
}

func execMaria(address, statement string) error {
	db, err := openMaria(address, "")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.Exec(statement)
	return err
}

// lookSystem finds a program that only the administrator's path may have.
func lookSystem(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/" + name)
}

// startMariaDB makes an empty data directory, and runs a server on it. Like an old
// MySQL it cuts off what is too long for its column.
func startMariaDB() (*mariaServer, error) {
	dir, err := os.MkdirTemp("", "wxlogin-mariadb-")
	if err != nil {
		return nil, err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	server, err := runMariaDB(dir)
	if err != nil {
		remove()
		return nil, err
	}
	end := server.stop
	server.stop = func() { end(); remove() }
	return server, nil
}

func runMariaDB(dir string) (*mariaServer, error) {
	who, err := user.Current()
	if err != nil {
		return nil, err
	}
	data, first := filepath.Join(dir, "data"), filepath.Join(dir, "first.sql")
	grant := fmt.Sprintf("CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO '%[1]s'@'%%';\n", MariaDBUser, MariaDBPassword)
	if err := os.WriteFile(first, []byte(grant), 0o600); err != nil {
		return nil, err
	}
	install, _ := lookSystem("mariadb-install-db") // it was found before
	made := exec.Command(install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--user="+who.Username, "--datadir="+data)
	if out, err := made.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make the data directory: %w\n%s", err, out)
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(address)
	program, _ := lookSystem("mariadbd")
	return watchMariaDB(address, program, "--no-defaults", "--user="+who.Username, "--datadir="+data, "--socket="+filepath.Join(dir, "s"),
		"--pid-file="+filepath.Join(dir, "pid"), "--bind-address=127.0.0.1", "--port="+port, "--init-file="+first, "--sql-mode=", "--default-time-zone=+00:00",
		"--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M")
}

// watchMariaDB runs the server under a shell that ends it when its own standard
// input does, which is when this process is gone at the latest.
func watchMariaDB(address, program string, args ...string) (*mariaServer, error) {
	const watch = `"$@" & server=$!; cat >/dev/null; kill "$server"; wait "$server"`
	cmd := exec.Command("sh", append([]string{"-c", watch, "sh", program}, args...)...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := func() { _ = stdin.Close(); _ = cmd.Wait() }
	ctx, cancel := context.WithTimeout(context.Background(), mariaStart)
	defer cancel()
	for {
		if err = execMaria(address, "SELECT 1"); err == nil {
			return &mariaServer{address, stop}, nil
		}
		select {
		case <-ctx.Done():
			stop()
			return nil, fmt.Errorf("start MariaDB: %w\n%s", err, said.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String(), nil
}
