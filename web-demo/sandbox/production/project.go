package production

import (
	"fmt"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas"
)

// How a project's tree is cut: tasks below a shot, shots in a sequence, sequences in an episode.
const (
	tasksOfShot       = 6
	shotsOfSequence   = 20
	sequencesOfSeason = 5
	tasksOfBuild      = 5
)

// steps are the task types of a shot, and of an asset build.
var (
	shotSteps  = []int{5, 10, 6, 7, 8, 9}
	buildSteps = []int{1, 2, 3, 4, 0}
	titles     = []string{"Big Buck Bunny", "Tears of Steel", "Élégie d'hiver", `The "Last" Reel`, `Back\slash`, "東京物語", "Ødemark", "Sintel"}
	builds     = []string{"hero", "björn", "crowd_A", `prop "lamp"`, "forest", "château", "dragon", "vehicle"}
	words      = []string{"blocking done, waiting for layout", "see client notes from Tuesday", "naïve first pass", `fix the "pop" at frame 1042`, `path is P:\show\shots`, "", "línea de tiempo – retake", "render at ½ res 🎬"}
)

// project makes one project with its tree and the given number of tasks.
func (b *builder) project(number, tasks int) {
	title := titles[number%len(titles)]
	p := &tree{builder: b, day: now.AddDate(0, -4, number)}
	id := ID(fmt.Sprint("Project/", number))
	p.project = b.add("Project", "id", id, "project_id", id, "name", fmt.Sprintf("show_%03d", number+1), "full_name", title, "context_type", "show", "status", "active",
		"color", "#3498DB", "root", fmt.Sprintf("show_%03d", number+1), "is_private", false, "is_global", false, "project_schema_id", ID("ProjectSchema/VFX"),
		"start_date", midnight(p.day), "end_date", midnight(p.day.AddDate(1, 0, 0)), "created_at", p.day, "created_by_id", b.caller)
	if number == 0 {
		b.vendor(p.project)
	}
	b.set("fps", p.project, 25.0)
	b.set("client", p.project, "Åkerlund & Söhne")
	for _, group := range b.groups[:2] {
		b.add("Appointment", "id", ID(fmt.Sprint("allocation/", number, group)), "type", "allocation", "context_id", p.project, "resource_id", group)
	}
	b.add("Manager", "context_id", p.project, "user_id", b.caller, "type_id", ID("ManagerType/Supervisor"))
	p.folder(tasks / 5)
	p.episodes(tasks - tasks/5)
	p.context("Milestone", p.project, "Delivery", "status_id", notStarted, "end_date", midnight(p.day.AddDate(0, 11, 0)))
	p.context(schemas.StudioType, p.project, "Opening cutscene", "status_id", notStarted)
	p.dailies()
}

// midnight is a studio's midnight in Central Europe at the end of a day, in UTC, as start and end dates are kept.
func midnight(t time.Time) time.Time {
	hour := 23
	if at := time.Date(t.Year(), t.Month(), t.Day(), 22, 0, 0, 0, time.UTC); !at.Before(lastSunday(t.Year(), time.March)) && at.Before(lastSunday(t.Year(), time.October)) {
		hour = 22 // summer time
	}
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, time.UTC)
}

// lastSunday is when Central Europe changes its clocks in a month: one o'clock UTC of the last Sunday.
func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month, 31, 1, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

// tree builds one project.
type tree struct {
	*builder
	project  string
	day      time.Time
	made     int
	sort     float64
	versions []string // for the lists
}

// context adds a context below another.
func (p *tree) context(typ, parent, name string, pairs ...any) string {
	p.made++
	p.sort++
	created := p.day.Add(time.Duration(p.made) * time.Minute)
	return p.add(typ, append([]any{"id", ID(fmt.Sprint(p.project, "/", p.made)), "name", name, "parent_id", parent, "project_id", p.project, "context_type", "task",
		"object_type_id", p.objectTypes[typ], "priority_id", pick(p.builder, p.priorities), "sort", p.sort, "bid", 0.0,
		"created_at", created.Truncate(time.Second), "created_by_id", pick(p.builder, p.users)}, pairs...)...)
}

// folder makes the asset builds.
func (p *tree) folder(tasks int) {
	if tasks == 0 {
		return
	}
	folder := p.context("Folder", p.project, "Assets")
	for i := 0; tasks > 0; i++ {
		name := builds[i%len(builds)]
		if i >= len(builds) {
			name = fmt.Sprintf("%s %02d", name, i/len(builds)+1)
		}
		build := p.context("AssetBuild", folder, name, "status_id", pick(p.builder, p.statuses), "type_id", p.buildTypes[i%len(p.buildTypes)], "description", pick(p.builder, words))
		for k := 0; k < tasksOfBuild && tasks > 0; k++ {
			p.task(build, buildSteps[k%len(buildSteps)])
			tasks--
		}
		p.asset(build, name, "Geometry")
	}
}

// episodes makes episodes, sequences and shots.
func (p *tree) episodes(tasks int) {
	for e := 1; tasks > 0; e++ {
		episode := p.context("Episode", p.project, fmt.Sprintf("ep%02d", e), "status_id", p.statuses[2])
		for q := 1; q <= sequencesOfSeason && tasks > 0; q++ {
			sequence := p.context("Sequence", episode, fmt.Sprintf("sq%03d", q*10), "status_id", pick(p.builder, p.statuses), "description", pick(p.builder, words))
			if q%2 == 0 {
				p.set("fps", sequence, 30.0)
			}
			for n := 1; n <= shotsOfSequence && tasks > 0; n++ {
				tasks -= p.shot(sequence, fmt.Sprintf("sh%04d", n*10), min(tasks, tasksOfShot))
			}
		}
	}
}

func (p *tree) shot(sequence, name string, tasks int) int {
	shot := p.context("Shot", sequence, name, "status_id", pick(p.builder, p.statuses), "description", pick(p.builder, words),
		"start_date", midnight(p.day.AddDate(0, 0, p.made%90)), "end_date", midnight(p.day.AddDate(0, 0, p.made%90+20)))
	if p.chance(50) {
		p.set("frameEnd", shot, float64(1001+p.rand.IntN(200)))
	}
	if p.chance(5) {
		p.set("plain fps", shot, 48.0)
		p.set("resolution", shot, "4096x2160")
	}
	if p.made%3 == 0 {
		p.supervised(shot, p.users[p.made%len(p.users)])
	}
	for k := range tasks {
		p.task(shot, shotSteps[k%len(shotSteps)])
	}
	p.asset(shot, "comp", "Comp")
	return tasks
}

// task adds a task with what hangs on it.
func (p *tree) task(parent string, step int) {
	from := p.day.AddDate(0, 0, p.rand.IntN(120))
	typ := p.types[step]
	name := p.store.Named(p.store.Find(p.store.Schemas().Type("Type"), typ), "name").Text()
	status := pick(p.builder, p.statuses)
	task := p.context("Task", parent, name, "status_id", status, "type_id", typ, "bid", float64(p.rand.IntN(40)*3600),
		"description", pick(p.builder, words), "start_date", midnight(from), "end_date", midnight(from.AddDate(0, 0, 1+p.rand.IntN(20))))
	if p.chance(70) {
		p.add("Appointment", "id", ID("assignment/"+task), "type", "assignment", "context_id", task, "resource_id", pick(p.builder, p.users))
	}
	if p.chance(20) {
		p.timelog(task, from)
	}
	if p.chance(5) {
		p.note(task, "TypedContext", from)
	}
	if p.chance(5) {
		p.add("Metadata", "parent_id", task, "parent_type", "Task", "key", "publish_path", "value", `P:\show\`+name+` "wip"`)
	}
	if p.chance(10) {
		p.set("bidding", task, eval.JSON(`["hard"]`))
	}
	if p.chance(10) {
		p.add("TypedContextStatusChange", "id", ID("change/"+task), "parent_id", task, "parent_type", "task", "from_status_id", notStarted, "status_id", status,
			"user_id", pick(p.builder, p.users), "date", from)
	}
}
