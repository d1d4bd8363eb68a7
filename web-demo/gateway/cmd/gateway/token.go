package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

// token signs a token with the HS256 secret of a file, to try a gateway out. In earnest whoever knows the users signs.
func token(args []string, out io.Writer) error {
	var secretFile, subject, scope, audience string
	var life time.Duration
	flags := flag.NewFlagSet("gateway token", flag.ContinueOnError)
	flags.StringVar(&secretFile, "secret-file", "", "`file` with the HS256 secret")
	flags.StringVar(&subject, "sub", "", "name of the ftrack user")
	flags.StringVar(&scope, "scope", "read", "read or write")
	flags.StringVar(&audience, "audience", gateway.DefaultAudience, "what the token names as its audience")
	flags.DurationVar(&life, "for", time.Hour, "how long the token is good")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("token: what is %q? All options begin with a dash", flags.Arg(0))
	case subject == "" || scope != "read" && scope != "write":
		return errors.New("token: give -sub USER, and -scope read or write")
	case strings.IndexFunc(subject, func(c rune) bool { return c <= ' ' || c >= 0x7f }) >= 0:
		return errors.New("token: the gateway takes names of users in printable ASCII only")
	case life <= 0:
		return errors.New("token: -for must be more than 0, or the token has expired already")
	}
	if _, err := readKeys(secretFile); err != nil {
		return err
	}
	secret, err := os.ReadFile(secretFile)
	if err != nil {
		return err
	}
	secret = bytes.TrimSpace(secret)
	if bytes.HasPrefix(secret, []byte("{")) {
		return errors.New("token: sign with a file that holds one HS256 secret as text")
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": subject, "scope": scope, "aud": audience, "iat": time.Now().Unix(), "exp": time.Now().Add(life).Unix(),
	}).SignedString(secret)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, signed)
	return nil
}
