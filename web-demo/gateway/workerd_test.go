package gateway_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// atTheEdge runs the gateway as a worker, under workerd. WORKERD_BIN names its program; worker/dist is what is run.
var atTheEdge = subject{"workerd", func(t testing.TB, c config) string {
	bindings := map[string]string{"TARGET": c.target, "API_KEY": apiKey, "TOKEN_KEYS": keySet(), "ORIGINS": page + ", http://localhost:5173"}
	for name, value := range map[string]int64{"MAX_BODY": c.maxBody, "MAX_UPLOAD": c.maxUpload, "BURST": int64(c.burst), "SOCKET_LIFE": int64(c.life / time.Second)} {
		if value > 0 {
			bindings[name] = strconv.FormatInt(value, 10)
		}
	}
	return startWorkerd(t, bindings)
}}

// startWorkerd starts a worker with bindings and gives its address.
func startWorkerd(t testing.TB, bindings map[string]string) string {
	folder := t.TempDir()
	dist, err := filepath.Abs(filepath.Join("worker", "dist"))
	require.NoError(t, err)
	modules := ""
	for _, module := range []struct{ name, kind, file string }{
		{"main.mjs", "esModule", filepath.Join(dist, "..", "test", "main.mjs")}, {"worker.mjs", "esModule", filepath.Join(dist, "worker.mjs")},
		{"host.mjs", "esModule", filepath.Join(dist, "host.mjs")}, {"wasm-exec.js", "esModule", filepath.Join(dist, "wasm-exec.js")}, {"gateway.wasm", "wasm", filepath.Join(dist, "gateway.wasm")},
		{"cache.mjs", "esModule", filepath.Join(dist, "..", "test", "cache.mjs")},
	} {
		text, err := os.ReadFile(module.file)
		require.NoError(t, err, "the worker is not built: npm run build in web-demo/gateway/worker")
		require.NoError(t, os.WriteFile(filepath.Join(folder, module.name), text, 0o600))
		if module.name != "cache.mjs" {
			modules += fmt.Sprintf("(name = %q, %s = embed %q), ", module.name, module.kind, module.name)
		}
	}
	texts := ""
	for name, value := range bindings {
		texts += fmt.Sprintf("(name = %q, text = %s), ", name, capnp(value))
	}
	text := `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = (allow = ["public", "private"])), (name = "cache", worker = .cache)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [` + modules + `],
  compatibilityDate = "2026-11-01", compatibilityFlags = ["enable_request_signal"],
  bindings = [` + texts + `], cacheApiOutbound = "cache",
);
const cache :Workerd.Worker = (modules = [(name = "cache.mjs", esModule = embed "cache.mjs")], compatibilityDate = "2026-11-01");
`
	file := filepath.Join(folder, "config.capnp")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	told, tells, err := os.Pipe()
	require.NoError(t, err)
	defer told.Close()
	command := exec.Command(os.Getenv("WORKERD_BIN"), "serve", "--control-fd=3", file)
	var said bytes.Buffer
	command.Stdout, command.Stderr, command.ExtraFiles = &said, &said, []*os.File{tells}
	require.NoError(t, command.Start())
	tells.Close()
	workers[t.Name()] = command.Process.Pid
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Log(strings.ToValidUTF8(said.String(), "?"))
		}
	})
	lines := bufio.NewScanner(told)
	for lines.Scan() {
		var event struct {
			Event, Socket string
			Port          int
		}
		if json.Unmarshal(lines.Bytes(), &event) == nil && event.Event == "listen" && event.Socket == "http" {
			return "http://127.0.0.1:" + strconv.Itoa(event.Port)
		}
	}
	_ = command.Wait()
	require.Fail(t, "workerd did not start", said.String())
	return ""
}

// workers are the processes of the workers, by test.
var workers = map[string]int{}

// capnp writes a text as the configuration's language does.
func capnp(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// numbers are what a worker says of itself.
func numbers(t testing.TB, address string) map[string]int {
	response, err := http.Get(address + "/-/statistics")
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	var all map[string]int
	require.NoError(t, json.Unmarshal(text, &all), string(text))
	return all
}

// resident is how many bytes of memory a process has.
func resident(t testing.TB, pid int) uint64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	require.NoError(t, err)
	pages, err := strconv.ParseUint(strings.Fields(string(text))[1], 10, 64)
	require.NoError(t, err)
	return pages * uint64(os.Getpagesize())
}
