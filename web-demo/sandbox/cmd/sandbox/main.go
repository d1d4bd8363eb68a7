// Command sandbox serves an ftrack-compatible API over a made-up production.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/production"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// run serves until the context is done, or what it reads from ends if a flag says so.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	options := sandbox.Options{Assume: sandbox.Assumptions{}}
	var plan production.Plan
	var listen, record, storage string
	var attached bool
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.StringVar(&listen, "listen", "127.0.0.1:9080", "`address` to serve at; port 0 picks one")
	flags.StringVar(&options.User, "user", "demo", "the API user")
	flags.StringVar(&options.Key, "key", "demo-key", "the API key")
	flags.StringVar(&plan.Name, "production", "demo", "demo, large or empty")
	flags.IntVar(&plan.Tasks, "tasks", 0, "number of tasks; 0 is 10,000 for demo, 100,000 for large")
	flags.DurationVar(&options.Latency, "latency", 0, "delay of each answer of /api")
	flags.StringVar(&record, "record", "", "`file` that gets each request as a line")
	flags.StringVar(&options.Static, "static", "", "`folder` served at /")
	flags.DurationVar(&options.Heartbeat, "heartbeat", 0, "heartbeat that the event server announces; 0 is 15 seconds")
	flags.StringVar(&storage, "storage", "", "`folder` for the bytes of components; one that is removed at the end if none is given")
	flags.BoolVar(&attached, "attached", false, "stop when standard input ends, as a pipe does when who started the sandbox has gone")
	flags.DurationVar(&options.EncodeTime, "encode", 300*time.Millisecond, "how long a job of encode_media runs")
	var eventFaults hub.Faults
	var uploadFaults sandbox.UploadFaults
	flags.Func("event-faults", "`JSON` of what goes wrong with sockets, as PUT /sandbox/events takes it", func(text string) (err error) {
		eventFaults, err = hub.ParseFaults([]byte(text))
		return err
	})
	flags.Func("upload-faults", "`JSON` of what goes wrong with uploads, as PUT /sandbox/uploads takes it", func(text string) (err error) {
		uploadFaults, err = sandbox.ParseUploadFaults([]byte(text))
		return err
	})
	flags.Func("assume", "`NAME=VALUE` of what is not known of the real server; repeatable", options.Assume.Assume)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("what is %q? All options begin with a dash", flags.Arg(0))
	}
	switch {
	case options.User == "" || options.Key == "":
		return errors.New("options -user and -key cannot be empty")
	case plan.Tasks < 0:
		return errors.New("option -tasks cannot be negative; 0 is the production's own number")
	case options.Latency < 0 || options.Heartbeat < 0 || options.EncodeTime < 0:
		return errors.New("options -latency, -heartbeat and -encode cannot be negative")
	}
	if options.Static != "" {
		if found, err := os.Stat(options.Static); err != nil || !found.IsDir() {
			return fmt.Errorf("option -static: there is no folder %s", options.Static)
		}
	}
	if attached {
		var detach context.CancelFunc
		ctx, detach = context.WithCancel(ctx)
		go func() {
			defer detach()
			_, _ = io.Copy(io.Discard, in)
		}()
	}
	if record != "" {
		file, err := os.OpenFile(record, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		defer file.Close()
		options.Record = file
	}
	if storage == "" {
		var err error
		if storage, err = os.MkdirTemp("", "sandbox-components-"); err != nil {
			return err
		}
		defer os.RemoveAll(storage)
	}
	folder, err := blob.NewFolder(storage)
	if err != nil {
		return err
	}
	options.Storage = folder
	options.Draw = production.Draw
	plan.User = options.User
	handler, err := sandbox.New(options)
	if err != nil {
		return err
	}
	handler.Events().SetFaults(eventFaults)
	handler.SetUploadFaults(uploadFaults)
	if err := production.Build(handler.Store(), plan); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	fmt.Fprintf(out, "sandbox ready http://%s\n", listener.Addr())
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		handler.Events().Close()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		err := server.Shutdown(stopping)
		if errors.Is(err, context.DeadlineExceeded) { // browsers keep connections at hand that they have asked nothing over
			return server.Close()
		}
		return err
	}
}
