package hub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

// Faults are what goes wrong on purpose. Shares are of 1; the zero value is a network without faults.
type Faults struct {
	Delay     time.Duration // before each frame that leaves
	Jitter    time.Duration // up to so much more, drawn for each frame
	Reorder   float64       // share of events that leave after the one behind them
	Duplicate float64       // share of events that leave twice
	Lose      float64       // share of events that never leave
	Cut       float64       // share of frames, in both directions, at which the connection ends: before the frame, or right after it
	Mute      bool          // connections stay open, and nothing comes through
	Refuse    int           // HTTP status of handshakes, 0 to admit them
	Seed      uint64        // of what is drawn; sockets draw differently
}

// holdAtMost is how long an event waits at most for one to leave before it.
const holdAtMost = 50 * time.Millisecond

var errCut = errors.New("hub: the connection was cut on purpose")

// faultsText is how faults are written as JSON: durations as text.
type faultsText struct {
	Delay     string  `json:"delay,omitempty"`
	Jitter    string  `json:"jitter,omitempty"`
	Reorder   float64 `json:"reorder,omitempty"`
	Duplicate float64 `json:"duplicate,omitempty"`
	Lose      float64 `json:"lose,omitempty"`
	Cut       float64 `json:"cut,omitempty"`
	Mute      bool    `json:"mute,omitempty"`
	Refuse    int     `json:"refuse,omitempty"`
	Seed      uint64  `json:"seed,omitempty"`
}

// ParseFaults reads faults of JSON: {"delay": "20ms", "jitter": "5ms", "reorder": 0.1, "duplicate": 0.1, "lose": 0, "cut":
// 0.01, "mute": false, "refuse": 0, "seed": 1}. What is left out is zero.
func ParseFaults(text []byte) (Faults, error) {
	var t faultsText
	if err := ReadOptions(text, &t); err != nil {
		return Faults{}, fmt.Errorf("faults: %w", err)
	}
	for _, share := range []float64{t.Reorder, t.Duplicate, t.Lose, t.Cut} {
		if share < 0 || share > 1 {
			return Faults{}, fmt.Errorf("faults: %v is no share: one is from 0 to 1", share)
		}
	}
	if t.Refuse < 0 {
		return Faults{}, fmt.Errorf("faults: refuse cannot be %d", t.Refuse)
	}
	f := Faults{Reorder: t.Reorder, Duplicate: t.Duplicate, Lose: t.Lose, Cut: t.Cut, Mute: t.Mute, Refuse: t.Refuse, Seed: t.Seed}
	for _, d := range []struct {
		text string
		to   *time.Duration
	}{{t.Delay, &f.Delay}, {t.Jitter, &f.Jitter}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = time.ParseDuration(d.text); err != nil {
			return Faults{}, fmt.Errorf("faults: %w", err)
		}
		if *d.to < 0 {
			return Faults{}, fmt.Errorf("faults: %s is before now", d.text)
		}
	}
	return f, nil
}

// ReadOptions reads a JSON object into what to points at. A member that to does not have is refused: who misspells a fault would test
// without it.
func ReadOptions(text []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}

// MarshalJSON writes what ParseFaults reads.
func (f Faults) MarshalJSON() ([]byte, error) {
	return json.Marshal(faultsText{f.Delay.String(), f.Jitter.String(), f.Reorder, f.Duplicate, f.Lose, f.Cut, f.Mute, f.Refuse, f.Seed})
}

// wait is how long a frame waits before it leaves.
func (f *Faults) wait(random *rand.Rand) time.Duration {
	if f.Jitter > 0 {
		return f.Delay + time.Duration(random.Int64N(int64(f.Jitter)))
	}
	return f.Delay
}

func chance(random *rand.Rand, share float64) bool { return share > 0 && random.Float64() < share }
