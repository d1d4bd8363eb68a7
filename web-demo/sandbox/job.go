package sandbox

import (
	"context"
	"fmt"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// delayedJobs are the kinds of work that delayed_job starts.
var delayedJobs = map[string]bool{"SYNC_USERS_LDAP": true}

// delayedJob starts a job that has nothing to do.
func (r *request) delayedJob(operation wire.Node, out []byte) ([]byte, error) {
	kind := member(operation, "job_type")
	if !delayedJobs[kind] {
		return out, invalid(fmt.Sprintf("There is no delayed job %q.", kind))
	}
	id, err := r.startJob(map[string]any{"description": "Delayed job " + kind}, func(context.Context) (func(*request) error, error) {
		return func(*request) error { return nil }, nil
	})
	if err != nil {
		return out, err
	}
	return append(textMember(append(answered(out, operation), `,"data":{`...), "job_id", id), "}}"...), nil
}

// work is what a job does: first without the store's lock, and then what is given, with it.
type work func(ctx context.Context) (func(r *request) error, error)

// startJob makes a running job of the caller and does its work after EncodeTime, when the batch that starts it has been
// carried out; then the job is done, or failed when the work is.
func (r *request) startJob(data map[string]any, w work) (id string, err error) {
	id = newID()
	text, err := wire.AppendValue(nil, data)
	if err != nil {
		return "", err
	}
	now := eval.Time(time.Now().UTC().Truncate(time.Second))
	fields := textFields("id", id, "type", "api_job", "status", "running", "user_id", r.store.ID(r.caller()), "data", string(text))
	if _, err := r.store.Insert(r.store.Schemas().Type("Job"), append(fields, field("created_at", now))...); err != nil {
		return "", err
	}
	r.batch.jobs = append(r.batch.jobs, func() { r.finishJob(id, w) })
	return id, nil
}

// begin lets the jobs of a batch run that was carried out.
func (r *request) begin() {
	for _, job := range r.batch.jobs {
		time.AfterFunc(r.options.EncodeTime, job)
	}
}

// finishJob does the work of a job, and says how it went.
func (r *request) finishJob(id string, w work) {
	apply, err := w(context.Background())
	r.Server.change(r.origin, r.base, func(r *request) error {
		if err == nil {
			err = apply(r)
		}
		if err != nil {
			r.store.RollbackTo(0)
			return r.setJob(id, "failed")
		}
		return r.setJob(id, "done")
	})
}

func (r *request) setJob(id, status string) error {
	job := r.store.Find(r.store.Schemas().Type("Job"), id)
	if job == 0 {
		return nil // deleted meanwhile
	}
	t := r.store.TypeOf(job)
	if err := r.store.Set(job, t.Attribute("finished_at"), eval.Time(time.Now().UTC().Truncate(time.Second))); err != nil {
		return err
	}
	return r.store.Set(job, t.Attribute("status"), eval.Text(status))
}

// change changes entities on the server's own account: as a request would, events included. What fails is undone.
func (s *Server) change(from origin, base string, f func(r *request) error) {
	defer s.deliver()
	s.store.Lock()
	defer s.store.Unlock()
	r := &request{Server: s, ctx: context.Background(), origin: from, base: base, batch: newBatch()}
	s.store.Begin()
	defer func() {
		if p := recover(); p != nil { // a fault of ours: the store stays as it was
			s.store.Rollback()
			panic(p)
		}
	}()
	if err := f(r); err != nil {
		s.store.Rollback()
		return
	}
	r.finish()
}
