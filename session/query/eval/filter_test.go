package eval_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

const allTasks = "anim comp layout light model stray"

// filters has an expression for each construct of the language, with the ids of the rows it finds.
var filters = []struct{ expression, ids string }{
	// bare entities, base types
	{`Task`, allTasks},
	{` select name from  Project`, "bbb sintel"},
	{`Context`, "anim bbb comp hero layout light model seq010 sh010 sh020 sintel stray"},
	{`TypedContext where name like "s%"`, "seq010 sh010 sh020 stray"},
	{`Resource`, "ada grace linus team"},

	// is, =, is_not, != and their values
	{`Task where name is "anim"`, "anim"},
	{`Task where name = 'anim'`, "anim"},
	{`Task where name is anim`, "anim"},
	{`Task where name is_not "anim"`, "comp layout light model stray"},
	{`Task where name != "anim"`, "comp layout light model stray"},
	{`Task where name is not "anim"`, "comp layout light model stray"},
	{`Project where status is active`, "bbb"},
	{`Status where state.short is NOT_STARTED`, "ready"},
	{`Task where id is 4be2fac9-d3c7-50d7-aa40-e4a676461eb2`, ""},
	{`Task where description is ""`, "light"},

	// numbers
	{`Task where bid >= 14400`, "anim"},
	{`Task where bid > 7200`, "anim comp"},
	{`Task where bid < 3600`, "light"},
	{`Task where bid <= 3600`, "layout light"},
	{`Task where bid greater_than 7200.5`, "anim"},
	{`Task where bid less_than 7200.5`, "layout light"},
	{`Task where bid is 7200.5`, "comp"},
	{`Task where bid is 1.44e4`, "anim"},
	{`Task where bid = "14400"`, "anim"},
	{`Task where bid > -1 and bid < +1`, "light"},
	{`Task where bid in (0, 3600.0, "7200.5")`, "comp layout light"},
	{`Task where bid not_in (0, 3600)`, "anim comp"},
	{`Status where sort is 2.0`, "wip"},
	{`Status where sort in (1, 3)`, "done ready"},
	{`Event where id is 9007199254740993`, "e1"},
	{`Event where id is 9007199254740992`, ""},
	{`Event where id in (9007199254740993, 8)`, "e1"},
	{`Priority where value like "0.%"`, "high"},

	// booleans
	{`AssetVersion where is_latest_version is True`, "v2 v3"},
	{`AssetVersion where is_latest_version is false`, "v1 v4"},
	{`AssetVersion where is_latest_version is_not True`, "v1 v4"},
	{`User where is_active = 1`, "ada grace"},
	{`User where is_active = "true"`, "ada grace"},
	{`User where is_active in (False, 0)`, "linus"},

	// dates: without zone they are UTC
	{`Task where start_date after "2015-06-01"`, "light"},
	{`Task where start_date before "2015-06-01"`, "anim"},
	{`Task where start_date >= 2015-06-01`, "comp light"},
	{`Task where start_date is "2015-06-01"`, "comp"},
	{`Task where start_date is "2015-06-01T00:00:00"`, "comp"},
	{`Task where start_date is "2015-06-01 00:00:00"`, "comp"},
	{`Task where start_date is 2015-06-01T02:00:00+02:00`, "comp"},
	{`Task where start_date is "2015-06-01T00:00:00Z"`, "comp"},
	{`Task where start_date is "2015-05-31T20:00:00.000-0400"`, "comp"},
	{`Task where start_date is "2015-06-01T00:00"`, "comp"},
	{`Task where end_date > "2015-06-20T12:29:59"`, "comp"},
	{`Task where end_date > "2015-06-20T12:30:00"`, ""},
	{`Task where start_date in ("2015-06-01", "2015-07-01")`, "comp light"},
	{`Task where start_date like "2015-06%"`, "comp"},

	// empty values
	{`Task where status is none`, "model stray"},
	{`Task where status is None`, "model stray"},
	{`Task where status is_not null`, "anim comp layout light"},
	{`Task where status_id != none`, "anim comp layout light"},
	{`AssetVersion where asset is_not None`, "v1 v2 v3"},
	{`AssetVersion where asset_id is None`, "v4"},
	{`User where email is none`, "grace linus"},
	{`Task where bid is none`, "model stray"},
	{`Task where bid is_not 0`, "anim comp layout"},
	{`Task where not bid is 0`, "anim comp layout"},
	{`User where email not_like "x%"`, "ada"},

	// in
	{`Task where name in ("anim", "comp")`, "anim comp"},
	{`Task where id in (anim,comp)`, "anim comp"},
	{`Task where id in (anim)`, "anim"},
	{`Task where id in ("anim", "anim", "nothing")`, "anim"},
	{`Task where id not_in (anim,comp)`, "layout light model stray"},
	{`Task where id not in (anim,comp)`, "layout light model stray"},
	{`Task where id in ()`, ""},
	{`Task where id not_in ()`, allTasks},
	{`Task where status.name in ("In Progress","Done")`, "anim comp layout"},
	{`Task where status.state.name in ('In Progress', 'Done')`, "anim comp layout"},
	{`Task where status.name not_in ("In Progress","Done")`, "light"},
	{`Task where status.name not_in ()`, allTasks},
	{`Task where description in ("comp_v1", none)`, "comp"},
	{`Task where description not_in ("comp_v1", none)`, ""},

	// like
	{`Project where full_name like "%bunny"`, "bbb"},
	{`Project where full_name like "Big%"`, "bbb"},
	{`Project where full_name like "%buck%"`, "bbb"},
	{`Project where full_name like "big b%bun%"`, "bbb"},
	{`Project where full_name like "bunny"`, ""},
	{`Project where full_name not_like "%bunny"`, "sintel"},
	{`Project where full_name not like "%bunny"`, "sintel"},
	{`Project where full_name like "%"`, "bbb sintel"},
	{`Task where description like "%100\%"`, "anim"},
	{`Task where description like "%\%%"`, "anim"},
	{`Task where description like "comp\_v1"`, "comp"},
	{`Task where description like "comp_v_"`, "comp"},
	{`Task where description like ""`, "light"},

	// and, or, not, parentheses
	{`Task where name is "anim" or name is "comp" and bid is 0`, "anim"},
	{`Task where (name is "anim" or name is "comp") and bid > 10000`, "anim"},
	{`Task where not (name is "anim" or name is "comp")`, "layout light model stray"},
	{`Task where not name is "anim" and not name is "comp"`, "layout light model stray"},
	{`Task where not not name is "anim"`, "anim"},
	{`Task where (id is "anim"and name is "anim") or (id is "comp"and name is "x")`, "anim"},
	{`Task where id in (anim, comp) or status.name is "Done"`, "anim comp layout"},

	// relations by dots
	{`Task where project.name is "bbb"`, "anim comp light model"},
	{`Task where project.full_name like "%buck%"`, "anim comp light model"},
	{`Task where project.status is active`, "anim comp light model"},
	{`Task where status.name is "Done"`, "anim layout"},
	{`Task where status.state.short is DONE`, "anim layout"},
	{`Task where status.name is_not "Done"`, "comp light"},
	{`Task where not status.name is "Done"`, "comp light"},
	{`Task where status.name is none`, "model stray"},
	{`Task where status.name is_not none`, "anim comp layout light"},
	{`Task where parent.name is "sh010"`, "anim comp"},
	{`Task where parent.parent.name is "seq010"`, "anim comp light"},
	{`Task where parent.parent.parent.name is "bbb"`, "anim comp light"},
	{`Task where parent.id is "sh010"`, "anim comp"},
	{`Task where parent_id is "sh010"`, "anim comp"},
	{`Task where parent is "sh010"`, "anim comp"},
	{`Task where parent is_not "sh010"`, "layout light model"},
	{`Task where parent in ("sh010", "hero")`, "anim comp model"},
	{`Task where status.name is "Done" and project.name is "bbb"`, "anim"},
	{`Note where parent_id is "anim" and author.username is "ada"`, "n1"},

	// through collections a comparison holds when it does for a member
	{`Task where timelogs.start >= "2015-06-03"`, "comp"},
	{`Task where timelogs.duration > 5000`, "anim"},
	{`Task where timelogs.comment is_not "polish"`, "anim"},
	{`Task where timelogs.comment is none`, "comp"},
	{`Task where not timelogs.comment is "polish"`, "comp layout light model stray"},
	{`Task where timelogs.user.username is "grace"`, "comp"},
	{`Project where children.children.name is "sh020"`, "bbb"},
	{`Shot where children.name in ("light")`, "sh020"},

	// has and any
	{`Task where timelogs any ()`, "anim comp"},
	{`Task where not timelogs any ()`, "layout light model stray"},
	{`Task where timelogs any (comment is "blocking")`, "anim"},
	{`Task where timelogs any (comment is "blocking" and duration > 5000)`, ""},
	{`Task where timelogs any (comment is "blocking") and timelogs any (duration > 5000)`, "anim"},
	{`Task where not timelogs any (comment is "blocking")`, "comp layout light model stray"},
	{`Task where parent has (name is "sh010")`, "anim comp"},
	{`Task where not parent has (name is "sh010")`, "layout light model stray"},
	{`Task where parent has ()`, "anim comp layout light model"},
	{`Task where not parent has ()`, "stray"},
	{`Note where not in_reply_to has ()`, "n1"},
	{`Note where in_reply_to has (author has (username is "ada"))`, "n2"},
	{`Task where parent.parent has (name is "seq010")`, "anim comp light"},
	{`Task where parent.parent.children any (name is "sh020")`, "anim comp light"},
	{`Shot where children any (assignments any (resource.username is "ada") and name is "anim")`, "sh010"},
	{`Task where assignments any (resource.username is "ada")`, "anim light"},
	{`Task where assignments any (resource has (username is "ada"))`, "anim light"},
	{`Task where assignments any (resource_id is "grace")`, "comp layout"},
	{`Task where assignments any (resource.name is "team")`, "layout"},
	{`Task where parent any (name is "sh010")`, "anim comp"},
	{`AssetVersion where asset.versions any (version is 2)`, "v1 v2"},

	// ancestors and descendants
	{`Task where ancestors any (id = "seq010")`, "anim comp light"},
	{`Task where ancestors any (id={sh010})`, ""},
	{`Task where ancestors any (id=sh010) or id is "model"`, "anim comp model"},
	{`TypedContext where descendants any (name is "light")`, "seq010"},

	// metadata, custom attributes and their links
	{`Task where metadata any (key=some_key and value=some_value)`, "anim"},
	{`Task where metadata any (key is "some_key")`, "anim comp"},
	{`Task where metadata.key is "frames"`, "comp"},
	{`Task where not metadata any (key is some_key)`, "layout light model stray"},
	{`Shot where custom_attributes any (key is "fstart" and value is "1001")`, "sh010"},
	{`Shot where custom_attributes any (key is "fstart" and value > 1001)`, "sh020"},
	{`Shot where custom_attributes any (key is "cut" and value is "a")`, "sh010"},
	{`Shot where custom_attributes any (key is "cut" and value is none)`, "sh020"},
	{`TypedContext where custom_attributes any (value is True)`, "seq010"},
	{`TypedContext where custom_attributes any (value after "2015-05-01" and value before "2015-07-01")`, "hero"},
	{`TypedContext where custom_attributes any (value in (1101, "A", True))`, "seq010 sh010 sh020"},
	{`Shot where custom_attributes.configuration.key is fstart`, "sh010 sh020"},
	{`Shot where custom_attribute_links any (configuration.key is "stand_in" and to_id is "hero")`, "sh010"},
	{`ContextCustomAttributeValue where entity_id in ("sh010", "sh020") and configuration_id in (cStart)`, "cv1 cv2"},
	{`CustomAttributeValue where configuration.is_hierarchical is true and value is_not none`, "cv3 cv5 cv6"},

	// casts
	{`Task where parent[Shot].status.name is "In Progress"`, "anim comp"},
	{`Task where parent[Shot].name is_not none`, "anim comp light"},
	{`Task where parent[Shot] is none`, "layout model stray"},
	{`Task where parent[TypedContext].status.name is "Not started"`, "light"},
	{`Task where parent[AssetBuild] has (name is "hero")`, "model"},
	{`Task where parent[AssetBuild] has ()`, "model"},
	{`Task where not parent[Shot] has ()`, "layout model stray"},
	{`Task where parent[Shot].parent[Sequence].name is "seq010"`, "anim comp light"},
	{`Task where assignments.resource[Group].memberships any (user.username is "grace")`, "layout"},
	{`Project where allocations.resource[Group].memberships any (user.username is "grace")`, "bbb"},
	{`Project where children[AssetBuild].name is "hero"`, "bbb"},
	{`Project where children[Sequence] any (name is "hero")`, ""},

	// queries in lists
	{`Task where id in (select context_id from Timelog where user.username is "ada")`, "anim"},
	{`Task where id not_in (select context_id from Timelog)`, "layout light model stray"},
	{`Task where parent_id in (select id from Shot where name is "sh020")`, "light"},
	{`Task where parent in (Shot where name is "sh020")`, "light"},
	{`Task where parent.name in (select name from Shot)`, "anim comp light"},
	{`Task where id in (select context.id from Timelog where id in (select id from Timelog where duration < 1000))`, "comp"},
	{`Task where id in (select context from Timelog)`, "anim comp"},
	{`Shot where id in (select ancestors.id from Task where name is "light")`, "sh020"},
	{`Task where status_id not_in (select status_id from Task where name is "stray")`, ""},
	{`Task where status_id not_in (select status_id from Task where name is "nothing")`, allTasks},
	{`Task where status.id not_in (select status_id from Task where name is "nothing")`, allTasks},
	{`Task where bid in (select max(bid) from Task)`, "anim"},
	{`Task where id in (select id from Task order by bid desc limit 2)`, "anim comp"},

	// words of the language as attributes
	{`select from.name from TypedContextLink where to.id is "sh020"`, "link1"},
	{`TypedContextLink where from.name is "hero" and to.name is "sh010"`, "link2"},
	{`Event where insert is insert`, "e1"},

	// text of a user in quotes, as ftql writes it
	{`User where first_name is "O'Neil \"x\" \\ 50%"`, "linus"},
	{`User where first_name like "%\\\\ 50\%"`, "linus"},
	{`Task where name is "\" or name is_not \""`, ""},
	{`Task where name is "anim limit 1"`, ""},
}

func TestFilters(t *testing.T) {
	everyIndexing(t, func(t *testing.T, w *world) {
		for _, c := range filters {
			plan, err := eval.Prepare(w, c.expression, eval.Options{})
			if !assert.NoError(t, err, c.expression) {
				continue
			}
			result, err := plan.Run(t.Context())
			if assert.NoError(t, err, c.expression) {
				assert.Equal(t, c.ids, w.sortedIDs(result.Entities), c.expression)
			}
		}
	})
}

func TestPages(t *testing.T) {
	everyIndexing(t, func(t *testing.T, w *world) {
		for expression, ids := range map[string]string{
			`Task order by name limit 2`:                     "anim comp",
			`Task order by name offset 2 limit 2`:            "layout light",
			`Task order by name limit 2 offset 5`:            "stray",
			`Task order by name offset 6`:                    "",
			`Task order by name offset 4`:                    "model stray",
			`Task order by name limit 0`:                     "",
			`Task where bid > 0 order by name desc limit 1`:  "layout",
			`Task where bid > 0 order by name limit 9999999`: "anim comp layout",
		} {
			assert.Equal(t, ids, w.ids(w.run(expression, eval.Options{}).Entities), expression)
		}
		assert.Len(t, w.run(`Task limit 4`, eval.Options{}).Entities, 4)
		assert.Len(t, w.run(`Task where name is_not "anim" offset 3 limit 4`, eval.Options{}).Entities, 2)
		assert.Len(t, w.run(`Task offset 5`, eval.Options{}).Entities, 1)
	})
}
