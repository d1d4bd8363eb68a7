// Command gateway lets pages work with an ftrack server without its API key: they send tokens, the gateway sends the key.
//
//	gateway -target URL -key-file FILE -secret-file FILE -origins LIST
//	gateway token -secret-file FILE -sub USER [-scope read] [-for 1h]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "gateway:", strings.TrimPrefix(err.Error(), "gateway: "))
		os.Exit(1)
	}
}

// run serves until the context is done, or signs a token.
func run(ctx context.Context, args []string, out, log io.Writer) error {
	if len(args) > 0 && args[0] == "token" {
		return token(args[1:], out)
	}
	var options gateway.Options
	var listen, keyFile, secretFile, origins string
	var perSecond float64
	var burst int
	var quiet bool
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	flags.StringVar(&listen, "listen", "127.0.0.1:9090", "`address` to serve at; port 0 picks one")
	flags.StringVar(&options.Target, "target", "", "`URL` of the ftrack server")
	flags.StringVar(&keyFile, "key-file", "", "`file` with the API key")
	flags.StringVar(&secretFile, "secret-file", "", "`file` with the HS256 secret, or a JWK set with several keys")
	flags.StringVar(&origins, "origins", "", "origins of pages that may ask, a comma between two")
	flags.StringVar(&options.Audience, "audience", gateway.DefaultAudience, "what tokens name as their audience")
	flags.StringVar(&options.Public, "public", "", "`URL` of the gateway as pages see it; by default what they sent a request to")
	flags.Float64Var(&perSecond, "rate", 50, "requests a second that a user may send for long; 0 is no limit")
	flags.IntVar(&burst, "burst", 500, "requests that a user may send at once")
	flags.Int64Var(&options.MaxBody, "max-body", 16<<20, "bytes of a request to /api")
	flags.Int64Var(&options.MaxUpload, "max-upload", 16<<30, "bytes of an upload")
	flags.DurationVar(&options.SocketLife, "socket-life", time.Hour, "after which an event socket has to come back with a fresh token")
	flags.BoolVar(&quiet, "quiet", false, "log no requests")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("what is %q? All options begin with a dash", flags.Arg(0))
	}
	switch {
	case options.Target == "":
		return errors.New("option -target is missing: the address of the ftrack server, such as https://STUDIO.ftrackapp.com")
	case perSecond < 0:
		return errors.New("option -rate cannot be negative; 0 is no limit")
	case perSecond > 0 && burst < 1:
		return errors.New("option -burst must be 1 or more: with less every request would be refused")
	}
	key, err := readFile("-key-file", keyFile)
	if err != nil {
		return err
	}
	options.APIKey = strings.TrimSpace(string(key))
	if options.Keys, err = readKeys(secretFile); err != nil {
		return err
	}
	for origin := range strings.SplitSeq(origins, ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			options.Origins = append(options.Origins, origin)
		}
	}
	if perSecond > 0 {
		options.Limiter = gateway.NewRate(perSecond, burst, nil)
	}
	options.Cache = gateway.NewMemory(64<<20, nil)
	if !quiet {
		options.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	handler, err := gateway.New(options)
	if err != nil {
		return err
	}
	return serve(ctx, listen, handler, out, log)
}

// readFile reads what an option names.
func readFile(option, file string) ([]byte, error) {
	if file == "" {
		return nil, fmt.Errorf("option %s is missing", option)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("option %s: %w", option, err)
	}
	return text, nil
}

func readKeys(file string) (*gateway.Keys, error) {
	text, err := readFile("-secret-file", file)
	if err != nil {
		return nil, err
	}
	keys, err := gateway.ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("option -secret-file: %w", err)
	}
	return keys, nil
}

func serve(ctx context.Context, listen string, handler *gateway.Gateway, out, log io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.NewTextHandler(log, nil), slog.LevelWarn)}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	fmt.Fprintf(out, "gateway ready http://%s\n", listener.Addr())
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		told := make(chan struct{})
		go func() {
			defer close(told)
			handler.Close()
		}()
		err := server.Shutdown(stopping)
		select {
		case <-told:
		case <-stopping.Done():
		}
		if errors.Is(err, context.DeadlineExceeded) { // browsers keep connections at hand that they have asked nothing over
			return server.Close()
		}
		return err
	}
}
