package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/hub"
)

// UploadFaults are what goes wrong with PUTs of uploads on purpose. The zero value is no fault.
type UploadFaults struct {
	Fail     float64       // share of PUTs that are answered with Status
	Status   int           // 0 is 503
	Cut      float64       // share of PUTs whose connection ends in the middle
	Parts    []int         // parts that fail: 1 is the first, 0 the whole file of an upload in one piece
	Attempts int           // how often they fail; 0 is always
	Rate     int64         // bytes a second that one PUT takes in, 0 for all that come
	Expiry   time.Duration // how long signed addresses are good, 0 for an hour
	Seed     uint64        // of what is drawn
}

// usualExpiry is how long signed addresses are good.
const usualExpiry = time.Hour

type uploadFaultsText struct {
	Fail     float64 `json:"fail,omitempty"`
	Status   int     `json:"status,omitempty"`
	Cut      float64 `json:"cut,omitempty"`
	Parts    []int   `json:"parts,omitempty"`
	Attempts int     `json:"attempts,omitempty"`
	Rate     int64   `json:"rate,omitempty"`
	Expiry   string  `json:"expiry,omitempty"`
	Seed     uint64  `json:"seed,omitempty"`
}

// ParseUploadFaults reads faults of JSON: {"fail": 0.2, "status": 503, "cut": 0.1, "parts": [2], "attempts": 1, "rate": 1000000,
// "expiry": "2s", "seed": 1}. What is left out is no fault.
func ParseUploadFaults(text []byte) (UploadFaults, error) {
	var t uploadFaultsText
	if err := hub.ReadOptions(text, &t); err != nil {
		return UploadFaults{}, fmt.Errorf("upload faults: %w", err)
	}
	f := UploadFaults{t.Fail, t.Status, t.Cut, t.Parts, t.Attempts, t.Rate, 0, t.Seed}
	if t.Status != 0 && (t.Status < 400 || t.Status > 599) {
		return UploadFaults{}, fmt.Errorf("upload faults: status %d is no failure", t.Status)
	}
	if t.Fail < 0 || t.Cut < 0 || t.Fail+t.Cut > 1 {
		return UploadFaults{}, fmt.Errorf("upload faults: fail %v and cut %v are no shares: together they are from 0 to 1", t.Fail, t.Cut)
	}
	if t.Rate < 0 || t.Attempts < 0 {
		return UploadFaults{}, errors.New("upload faults: rate and attempts cannot be negative")
	}
	if t.Expiry != "" {
		var err error
		if f.Expiry, err = time.ParseDuration(t.Expiry); err != nil {
			return UploadFaults{}, fmt.Errorf("upload faults: %w", err)
		}
	}
	return f, nil
}

// MarshalJSON writes what ParseUploadFaults reads.
func (f UploadFaults) MarshalJSON() ([]byte, error) {
	return json.Marshal(uploadFaultsText{f.Fail, f.Status, f.Cut, f.Parts, f.Attempts, f.Rate, f.Expiry.String(), f.Seed})
}

// drawn is what is drawn and counted since the faults were set.
type drawn struct {
	random   *rand.Rand
	attempts map[string]uint64
}

func (d *depot) setFaults(f UploadFaults) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.faults = f
	d.drawn = &drawn{rand.New(rand.NewPCG(f.Seed, 1)), map[string]uint64{}}
	for _, u := range d.uploads {
		u.attempts = map[int]int{}
	}
}

// SetUploadFaults changes what goes wrong with uploads.
func (s *Server) SetUploadFaults(f UploadFaults) { s.depot.setFaults(f) }

// fate is what becomes of one PUT.
type fate struct {
	status int  // the answer; 0 to take it
	cut    bool // the connection ends in the middle
	rate   int64
}

// fate draws what becomes of a PUT of a part.
func (d *depot) fate(u *upload, part int) fate {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	f := fate{rate: d.faults.Rate}
	status := d.faults.Status
	if status == 0 {
		status = 503
	}
	if slices.Contains(d.faults.Parts, part) && (d.faults.Attempts == 0 || u.attempts[part] < d.faults.Attempts) {
		u.attempts[part]++
		f.status = status
	}
	if draw := d.drawn.random.Float64(); draw < d.faults.Fail {
		f.status = status
	} else {
		f.cut = draw < d.faults.Fail+d.faults.Cut
	}
	return f
}

func (d *depot) expiry() time.Time {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.faults.Expiry > 0 {
		return time.Now().Add(d.faults.Expiry)
	}
	return time.Now().Add(usualExpiry)
}

// throttled reads no faster than so many bytes a second.
type throttled struct {
	from  io.Reader
	rate  int64
	taken int64
	since time.Time
}

func (t *throttled) Read(into []byte) (int, error) {
	if t.since.IsZero() {
		t.since = time.Now()
	}
	if early := time.Duration(t.taken)*time.Second/time.Duration(t.rate) - time.Since(t.since); early > 0 {
		time.Sleep(early)
	}
	n, err := t.from.Read(into[:min(int64(len(into)), max(t.rate/50, 1))])
	t.taken += int64(n)
	return n, err
}
