package event_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/session/event"
)

const sample = `{"id":"e1","topic":"ftrack.update","sent":null,"target":"","inReplyToEvent":null,
	"source":{"id":"h1","applicationId":"ftrack.client.web","user":{"username":"ann","id":"u1"}},
	"data":{"x":5,"text":"5","float":2.5,"word":"tractor","quote":"it's \"so\"","back":"a\\b","star":"a*","yes":true,"no":false,
		"nothing":null,"list":[1],"deep":{"er":{"y":"z"}},"not":1,"and":"or","big":9007199254740993,"empty":""}}`

var matches = []struct {
	expression string
	want       bool
}{
	{"topic=ftrack.update", true},
	{"topic = ftrack.update", true},
	{`topic="ftrack.update"`, true},
	{`topic='ftrack.update'`, true},
	{"topic=ftrack.updat", false},
	{"topic=ftrack.*", true},
	{`topic="ftrack.*"`, true},
	{"topic=*", true},
	{"topic=track*", false}, // the beginning, not anywhere
	{"topic=*update", false},
	{"topic!=ftrack.*", false},
	{"topic!=other.*", true},
	{"data.x=5", true},
	{"data.x=5.0", true},
	{"data.x=+5", true},
	{"data.x=0x5", false},
	{`data.x="5"`, false}, // a text, and it is a number
	{"data.x!=5", false},
	{"data.x!=6", true},
	{"data.x=5*", false},
	{"data.text=5", true}, // events of the server have numbers as texts
	{`data.text="5"`, true},
	{"data.text=5.0", false},
	{"data.text>4.9", true},
	{"data.text<40", true}, // as numbers: as texts it would be the other way round
	{"data.x>3", true},
	{"data.x>=5", true},
	{"data.x>5", false},
	{"data.x<=5", true},
	{"data.x<5", false},
	{"data.x<-1", false},
	{"data.x>abc", false},
	{`data.x>"3"`, false},
	{"data.x<abc", false},
	{"data.float>2", true},
	{"data.float=2.5", true},
	{"data.word>apple", true},
	{"data.word<apple", false},
	{"data.word>=tractor", true},
	{"data.word>trac*", false},
	{`data.quote="it's \"so\""`, true},
	{`data.quote='it\'s "so"'`, true},
	{`data.quote="it's \"s*"`, true},
	{`data.back="a\b"`, true},
	{`data.back="a\\b"`, true},
	{`data.star="a\*"`, true},
	{`data.word="tr\*"`, false},
	{"data.star=a*", true},
	{"data.yes=true", true},
	{"data.yes=TRUE", true},
	{`data.yes="true"`, false},
	{"data.yes=false", false},
	{"data.no=false", true},
	{"data.nothing=null", true},
	{"data.nothing=None", true},
	{"data.nothing!=null", false},
	{"data.nothing!=x", true},
	{"data.nothing=*", false},
	{"data.nothing>1", false},
	{"data.list=1", false},
	{"data.deep.er.y=z", true},
	{"data.deep=z", false},
	{"data.deep.er.y.more=z", false},
	{"data.missing=5", false},
	{"data.missing!=5", false},
	{"data.missing>5", false},
	{"not data.missing=5", true},
	{"missing.at.all=*", false},
	{"topic.x=1", false},
	{"sent=x", false},
	{"id=e1", true},
	{"inReplyToEvent=x", false},
	{"source.user.username=ann and source.id=h1", true},
	{"source.user.username=bob or source.id=h1", true},
	{"topic=x or topic=y or topic=ftrack.update", true},
	{"topic=x or not topic=y and data.x=5", true},  // not, and, or
	{"data.x=5 or data.x=5 and data.x=6", true},    // and binds stronger
	{"(data.x=5 or data.x=5) and data.x=6", false}, // than or
	{"not data.x=6 and data.x=6", false},           // not binds strongest
	{"not (data.x=6 and data.x=6)", true},
	{"not not data.x=5", true},
	{"NOT(data.x=6)AND(data.x=5)", true},
	{"data.not=1", true},
	{"not=1", false},
	{"not not=1", true},
	{"data.and=or and data.and=or", true},
	{"data.big=9007199254740993", true},
	{`data.empty=""`, true},
	{`data.empty!=""`, false},
	{"\n\tdata.x\n=\n5 ", true},
}

func TestExpressionsFindEvents(t *testing.T) {
	e, err := event.ParseEvent([]byte(sample))
	require.NoError(t, err)
	for _, test := range matches {
		x, err := event.Parse(test.expression)
		require.NoError(t, err, test.expression)
		assert.Equal(t, test.want, x.Match(e), test.expression)
		again, err := event.Parse(x.String())
		require.NoError(t, err, x.String())
		assert.Equal(t, x.Root(), again.Root(), "%s printed as %s", test.expression, x)
	}
}

func TestExpressionsFindSubscribers(t *testing.T) {
	metadata, err := event.Node(map[string]any{"id": "s1", "user": map[string]any{"username": "ann"}, "priority": 3})
	require.NoError(t, err)
	for text, want := range map[string]bool{"id=s1": true, "id=s2": false, "user.username=ann and priority>2": true, "topic=*": false} {
		x, err := event.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, want, x.MatchNode(metadata), text)
	}
	assert.True(t, new(event.Expression).MatchNode(metadata), "no expression wants everything")
}

func TestExpressionsPrint(t *testing.T) {
	for text, want := range map[string]string{
		"a = 1  AND  b='x'":              "a=1 and b='x'",
		"a=1 and (b=2 and c=3)":          "a=1 and (b=2 and c=3)",
		"a=1 or (b=2 and c=3)":           "a=1 or b=2 and c=3",
		"(a=1 or b=2) and c=3":           "(a=1 or b=2) and c=3",
		"a=1 or (b=2 or c=3)":            "a=1 or (b=2 or c=3)",
		"not (a=1)":                      "not a=1",
		"NOT (a=1 or not (b=2 and c=3))": "not (a=1 or not (b=2 and c=3))",
		`a="\"" and b=x*`:                `a="\"" and b=x*`,
	} {
		x, err := event.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, want, x.String())
		assert.Equal(t, text, x.Source())
	}
}

func TestBadExpressionsSayWhere(t *testing.T) {
	for text, want := range map[string]struct {
		offset  int
		message string
	}{
		"":                          {0, "the expression is empty"},
		"  ":                        {2, "the expression is empty"},
		"topic":                     {5, "expected one of = !="},
		"topic=":                    {6, "expected a value"},
		"topic=a topic=b":           {8, "expected and, or or the end"},
		"topic=a and":               {11, "expected a field"},
		"topic=a and or b=1":        {15, "expected one of"},
		"(topic=a":                  {8, "expected and, or or )"},
		"topic=a)":                  {7, "expected and, or or the end"},
		"()":                        {1, "expected a field"},
		"not":                       {3, "expected a field"},
		"topic==a":                  {6, "expected a value"},
		"topic=a:b":                 {7, "stands in quotes"},
		"topic=ä":                   {6, "stands in quotes"},
		"topic=*a":                  {0, ""}, // a star elsewhere is a star
		"topic=\"a":                 {6, "are not closed"},
		`topic="a\"`:                {6, "are not closed"},
		"a..b=1":                    {2, "beside the dot"},
		".a=1":                      {0, "beside the dot"},
		"a.=1":                      {2, "beside the dot"},
		"a-b=1":                     {1, "expected one of"},
		"a is b":                    {2, "expected one of"},
		"ü=1":                       {0, "expected a field"},
		"a='ü' and b":               {12, "expected one of"},
		strings.Repeat("(", 1e5):    {1000, "nested more than 1000"},
		strings.Repeat("not ", 1e5): {4000, "nested more than 1000"},
	} {
		_, err := event.Parse(text)
		if want.message == "" {
			assert.NoError(t, err, text)
			continue
		}
		var syntax *event.ParseError
		require.True(t, errors.As(err, &syntax), text)
		assert.Equal(t, want.offset, syntax.Offset, text)
		assert.Contains(t, syntax.Message, want.message, text)
	}
	_, err := event.Parse("a='ü' and b")
	assert.EqualError(t, err, "event expression: character 12: expected one of = != >= <= > <\n    a='ü' and b\n               ^")
}

func TestAnnouncementsLeaveOutWhatServersDoNotKnow(t *testing.T) {
	for text, want := range map[string]string{
		"topic=ftrack.update":                                 "topic=ftrack.update",
		"topic = 'ftrack.update'":                             `topic="ftrack.update"`,
		"topic=tra*":                                          "topic=tra*",
		"topic=a and source.user.username=ann":                "topic=a and source.user.username=ann",
		"topic=a and data.x=5":                                "topic=a",
		"topic=a and data.x>5":                                "topic=a",
		"topic=a and data.x=true":                             "topic=a",
		"topic=a and data.x!=b":                               "topic=a",
		"topic=a and not source.id=b":                         "topic=a",
		`topic=a and data.x="5"`:                              `topic=a and data.x="5"`,
		"topic=a and not data.x='5'":                          "topic=a",
		`topic=a and data.x="say \"so\""`:                     `topic=a and data.x='say "so"'`,
		`topic=a and data.x="it's \"so\""`:                    "topic=a",
		`topic=a and data.x="a\\b"`:                           "topic=a",
		`topic=a and data.x="a\*"`:                            "topic=a",
		`topic=a and data.x="a b*"`:                           `topic=a and data.x="a b*"`,
		"not topic=a":                                         "not topic=a",
		"topic!=a":                                            "topic!=a",
		"topic!=a*":                                           "topic=*",
		"not topic=a*":                                        "topic=*", // a server that looks anywhere would leave some out
		"not (topic=a or topic=b)":                            "not (topic=a or topic=b)",
		"not (topic=a and data.x=5)":                          "topic=*",
		"topic=a or data.x=5":                                 "topic=*",
		"topic=a and (data.x=5 or topic=b)":                   "topic=a",
		"topic=a and (data.x=y or topic=b) and data.z=1":      "topic=a and (data.x=y or topic=b)",
		"(topic=a and data.x=5) or (topic=b and data.y=null)": "topic=a or topic=b",
	} {
		x, err := event.Parse(text)
		require.NoError(t, err)
		assert.Equal(t, want, x.Announcement(), text)
	}
	assert.Equal(t, "topic=*", new(event.Expression).Announcement())
}

func FuzzParse(f *testing.F) {
	for _, test := range matches {
		f.Add(test.expression)
	}
	f.Add("topic=\"a")
	f.Add("((a=1)")
	e, err := event.ParseEvent([]byte(sample))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text string) {
		x, err := event.Parse(text)
		if err != nil {
			var syntax *event.ParseError
			require.True(t, errors.As(err, &syntax))
			require.LessOrEqual(t, syntax.Offset, len(text))
			require.NotEmpty(t, err.Error())
			return
		}
		again, err := event.Parse(x.String())
		require.NoError(t, err, x.String())
		require.Equal(t, x.Root(), again.Root())
		wide, err := event.Parse(x.Announcement())
		require.NoError(t, err, x.Announcement())
		require.True(t, wide.Match(e) || !x.Match(e), "%s announced as %s", x, wide)
	})
}
