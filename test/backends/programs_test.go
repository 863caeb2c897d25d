package backends

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// program is a snippet of the README that checks tokens.
type program struct {
	name, language, file string
	// local says that it keeps the keys and asks nobody about a token.
	local bool
	// command runs the file, which is in dir, on address.
	command func(t testing.TB, dir, address string) *exec.Cmd
}

var programs = []program{
	{"go", "go", "main.go", true, runGo},
	{"node", "js", "orders.mjs", true, runNode},
	{"python", "python", "orders.py", true, runPython},
	{"php", "php", "orders.php", false, runPHP},
	{"java", "java", "Orders.java", false, runJava},
}

func runGo(t testing.TB, dir, _ string) *exec.Cmd {
	t.Helper()
	wanted := regexp.MustCompile(`go get (\S+)@(\S+)`).FindStringSubmatch(read(t, "README.md"))
	if wanted == nil || !strings.Contains(read(t, "go.mod"), wanted[1]+" "+wanted[2]+"\n") {
		t.Fatalf("the snippet takes %v, which is not what the project has", wanted)
	}
	write(t, dir, "go.mod", "module orders\n\ngo 1.26\n\nrequire "+wanted[1]+" "+wanted[2]+"\n")
	write(t, dir, "go.sum", read(t, "go.sum"))
	for _, args := range [][]string{{"vet", "."}, {"build", "-o", "orders", "."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off") // of what is there already
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	return exec.Command(filepath.Join(dir, "orders"))
}

func runNode(t testing.TB, dir, _ string) *exec.Cmd {
	t.Helper()
	program := node(t)
	modules, err := filepath.Abs(filepath.Join(nodeFolder, "node_modules"))
	if err == nil {
		err = os.Symlink(modules, filepath.Join(dir, "node_modules"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(program, "orders.mjs")
}

func runPython(t testing.TB, _, _ string) *exec.Cmd {
	t.Helper()
	for _, candidate := range []string{"/usr/bin/python3", "python3"} { // Debian's has Debian's packages
		if exec.Command(candidate, "-c", "import cryptography, jwt; jwt.PyJWKClient").Run() == nil {
			return exec.Command(candidate, "orders.py")
		}
	}
	missing(t, "Python with PyJWT and cryptography")
	return nil
}

func runPHP(t testing.TB, _, address string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(tool(t, "php"), "-S", address, "orders.php")
	cmd.Env = append(os.Environ(), "WXLOGIN_CLIENT_SECRET="+clientSecret)
	return cmd
}

func runJava(t testing.TB, _, _ string) *exec.Cmd {
	t.Helper()
	tool(t, "javac") // a runtime alone cannot run a source file
	return exec.Command(tool(t, "java"), "Orders.java")
}
