package gateway_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/gateway"
)

// working are options that a gateway can be made with.
func working(t *testing.T) gateway.Options {
	keys, err := gateway.ParseKeys([]byte(keySet()))
	require.NoError(t, err)
	return gateway.Options{Target: "https://studio.example", APIKey: apiKey, Keys: keys, Origins: []string{page}}
}

func TestOriginsThatNoBrowserSendsAreRefused(t *testing.T) {
	for origin, says := range map[string]string{
		"https://Dash.example":     "https://dash.example",
		"https://dash.example:443": "https://dash.example",
		"http://dash.example:80":   "http://dash.example",
		"https://dash.example:":    "https://dash.example",
		"http://[0:0::1]:5173":     "http://[::1]:5173",
		"https://dash.example/":    "https://HOST",
		"https://:8080":            "https://HOST",
		"dash.example":             "https://HOST",
		"null":                     "https://HOST",
		"*":                        "https://HOST",
		"https://*.example":        "no patterns",
		"https://bücher.example":   "xn--",
	} {
		options := working(t)
		options.Origins = append(options.Origins, origin)
		_, err := gateway.New(options)
		if assert.Error(t, err, origin) {
			assert.Contains(t, err.Error(), says, origin)
		}
	}
	for _, origin := range []string{"https://dash.example", "http://localhost:5173", "http://[::1]:5173", "http://192.168.1.7", "https://dash.example:80", "app://studio", "https://xn--bcher-kva.example"} {
		options := working(t)
		options.Origins = []string{origin}
		_, err := gateway.New(options)
		assert.NoError(t, err, origin)
	}
}

func TestAddressesAndLimitsThatCannotWorkAreRefused(t *testing.T) {
	for name, spoil := range map[string]func(*gateway.Options){
		"the target is missing":   func(o *gateway.Options) { o.Target = "" },
		"the target must be":      func(o *gateway.Options) { o.Target = "studio.example" },
		"the target must be an":   func(o *gateway.Options) { o.Target = "https://:443" },
		"the API key is missing":  func(o *gateway.Options) { o.APIKey = "" },
		"the API key is too":      func(o *gateway.Options) { o.APIKey = "two\nlines-of-it" },
		"the public address must": func(o *gateway.Options) { o.Public = "gateway.example" },
		"path only":               func(o *gateway.Options) { o.Public = "https://gateway.example/?a=b" },
		"cannot be negative":      func(o *gateway.Options) { o.MaxBody = -1 },
		"and the life of sockets": func(o *gateway.Options) { o.SocketLife = -1 },
	} {
		options := working(t)
		spoil(&options)
		_, err := gateway.New(options)
		if assert.Error(t, err, name) {
			assert.Contains(t, err.Error(), name)
		}
	}
}
