package eval_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

// show writes rows as text: values by comma, rows by semicolon.
func show(rows [][]eval.Value) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		values := make([]string, len(row))
		for j, v := range row {
			switch v.Kind() {
			case eval.KindNull:
				values[j] = "-"
			case eval.KindInt:
				values[j] = strconv.FormatInt(v.Int(), 10)
			case eval.KindFloat:
				values[j] = strconv.FormatFloat(v.Float(), 'f', -1, 64) + "f"
			case eval.KindTime:
				values[j] = v.Time().Format(time.RFC3339)
			case eval.KindBool:
				values[j] = strconv.FormatBool(v.Bool())
			default:
				values[j] = v.Text()
			}
		}
		lines[i] = strings.Join(values, ",")
	}
	return strings.Join(lines, "; ")
}

func TestAggregates(t *testing.T) {
	everyIndexing(t, func(t *testing.T, w *world) {
		for expression, rows := range map[string]string{
			`select count(id) from Task`:                                                             "6",
			`select count(id) from Task where name is "nothing"`:                                     "0",
			`select sum(bid), avg(bid), min(bid), max(bid) from Task where id is x`:                  "-,-,-,-",
			`select count(bid), count(status) from Task`:                                             "4,4",
			`select sum(bid), avg(bid), min(bid), max(bid) from Task`:                                "25200.5f,6300.125f,0f,14400f",
			`select sum(duration) from Timelog`:                                                      "11400",
			`select avg(sort) from Status`:                                                           "2f",
			`select min(name), max(name) from Task`:                                                  "anim,stray",
			`select min(start), max(start) from Timelog`:                                             "2015-05-30T09:00:00Z,2015-06-03T10:00:00Z",
			`select count(timelogs.id), sum(timelogs.duration) from Task`:                            "3,11400",
			`select count(timelogs) from Task`:                                                       "3",
			`select count(project.name) from Task`:                                                   "5",
			`select count(id) from Task group by status_id order by status_id`:                       "2; 2; 1; 1",
			`select status_id, count(id) from Task group by status_id order by status_id`:            "-,2; done,2; ready,1; wip,1",
			`select count(id), status.name from Task group by status.name order by status.name desc`: "1,Not started; 1,In Progress; 2,Done; 2,-",
			`select project.name, sum(bid) from Task group by project.name order by sum(bid) desc`:   "bbb,21600.5f; Sintel,3600f; -,-",
			`select project.name, count(id) from Task group by project.name order by count_id`:       "Sintel,1; -,1; bbb,4",
			`select project.name from Task group by project.name order by count(id) desc limit 1`:    "bbb",
			`select project.name from Task group by project.name order by project.name offset 1`:     "bbb; Sintel",
			`select type.name, priority.sort, count(id) from Task where type is_not none
				group by type.name, priority.sort order by type.name, priority.sort`: "Animation,1,1; Compositing,1,1; Compositing,2,1",
			`select is_active, count(id) from User group by is_active order by is_active`: "false,1; true,2",
			`select count(id) from Task where id is nothing group by status_id`:           "",
		} {
			result := w.run(expression, eval.Options{})
			assert.Equal(t, rows, show(result.Rows), expression)
			assert.Nil(t, result.Entities)
		}
	})
}

func TestGroupsFollowTheCaseRule(t *testing.T) {
	w := production(t)
	w.add("Status", "x1", row{"name": "Omit"})
	w.add("Status", "x2", row{"name": "OMIT"})
	const expression = `select name, count(id) from Status where name like "om%" or name like "OM%" group by name order by name`
	assert.Equal(t, "Omit,2", show(w.run(expression, eval.Options{}).Rows))
	const exact = `select name, count(id) from Status where name like "Om%" or name like "OM%" group by name order by name`
	assert.Equal(t, "OMIT,1; Omit,1", show(w.run(exact, eval.Options{CaseSensitive: true}).Rows))
}

func TestSumsBeyondIntegersBecomeFloats(t *testing.T) {
	w := production(t)
	w.add("Status", "x1", row{"sort": 1<<63 - 1})
	w.add("Status", "x2", row{"sort": 1<<63 - 1})
	rows := w.run(`select sum(sort) from Status`, eval.Options{}).Rows
	assert.InDelta(t, 1.8446744073709552e19, rows[0][0].Float(), 1e4)
}

func TestColumnsSayWhereValuesComeFrom(t *testing.T) {
	w := production(t)
	plan := w.prepare(`select count(id), parent[Shot].status.name from Task group by parent[Shot].status.name`, eval.Options{})
	assert.True(t, plan.Aggregate())
	assert.Equal(t, "count_id", plan.Columns[0].Name)
	assert.Equal(t, "count", plan.Columns[0].Function)
	path := plan.Columns[1].Path
	assert.Equal(t, "parent", path[0].Attribute.Name)
	assert.Equal(t, "Shot", path[0].Cast.Name)
	assert.Equal(t, "status", path[1].Attribute.Name)
	assert.Equal(t, "name", path[2].Attribute.Name)

	plan = w.prepare(`Task`, eval.Options{})
	assert.False(t, plan.Aggregate())
	assert.Empty(t, plan.Columns)
	assert.Equal(t, "Task", plan.Type.Name)
}
