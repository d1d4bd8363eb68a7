package jsbridge

import (
	"context"
	"strconv"
	"strings"

	"github.com/ftrack-wasm/ftrack-wasm/session"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// warmQuery is a query of two pages, in a session of its own, whose server is a warmServer. The session must be closed.
func warmQuery(ctx context.Context, pause, between func(context.Context) error) (*session.Session, *session.Query, error) {
	s, err := session.New(ctx, session.Options{
		ServerURL: "http://warm", APIUser: "warm", APIKey: "warm", Env: func(string) string { return "" }, Transport: warmServer{},
		Pause: pause, PauseBetween: between, KeepRecords: true,
	})
	if err != nil {
		return nil, nil, err
	}
	q, err := s.Query("select name from A", session.QueryOptions{PageSize: warmRows})
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, q, nil
}

// warmServer answers as a server would, with two small pages of rows.
type warmServer struct{}

func (warmServer) RoundTrip(_ context.Context, request *wire.Request) (*wire.Response, error) {
	body := string(request.Body)
	if !strings.Contains(body, `"query"`) { // that of the opening session
		return &wire.Response{Status: 200, Body: []byte(`[{"version":"4.13.0","is_timezone_support_enabled":true},` + warmSchemas + `]`)}, nil
	}
	reply := []byte(`[{"action":"query","data":[`)
	for i := range warmRows {
		if i > 0 {
			reply = append(reply, ',')
		}
		id := strconv.Itoa(100 + i)
		reply = append(reply, `{"__entity_type__":"A","id":"00000000-0000-4000-8000-000000000`+id+`","name":"warm `+id+`",
			"text":"a \"longer\" text","word":"\u00e9 été","bid":`+id+`.5,"sort":`+id+`,"done":false,"none":null,"link":[{"type":"x"}],
			"day":{"__type__":"datetime","value":"2020-01-01T00:00:00"},"empty":[],"one":{"__entity_type__":"B","id":"b`+id+`"},
			"many":[{"__entity_type__":"B","id":"00000000-0000-4000-8000-000000000000","name":"b"}]}`...)
	}
	next := "null"
	if strings.Contains(body, " offset 0 ") {
		next = strconv.Itoa(warmRows)
	}
	return &wire.Response{Status: 200, Body: append(reply, `],"metadata":{"next":{"offset":`+next+`}}}]`...)}, nil
}

const (
	warmRows    = 48
	warmSchemas = `[{"id":"A","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"one":{"$ref":"B"},
		"many":{"type":"array","items":{"$ref":"B"}},"empty":{"type":"array","items":{"$ref":"B"}}}},
		{"id":"B","primary_key":["id"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}}]`
)
