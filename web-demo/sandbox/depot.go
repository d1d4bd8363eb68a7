package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/blob"
)

// depot holds the bytes of components, and the uploads under way. Components are known by their id.
type depot struct {
	blobs  blob.Store
	secret [32]byte // of signatures

	mutex   sync.Mutex
	held    map[string]*held
	uploads map[string]*upload
	faults  UploadFaults
	drawn   *drawn
	pieces  uint64 // names that were given out
}

// held are the bytes of a component.
type held struct {
	pieces []blob.Piece
	size   int64
	tag    string // the ETag, with its quotes
	at     time.Time
}

// upload is one that get_upload_metadata announced.
type upload struct {
	id, component string
	size          int64
	checksum      string // MD5 in base64, "" for none
	parts         int    // 0: the whole file at once
	received      map[int]received
	done          bool        // the whole file came
	attempts      map[int]int // PUTs that were told to fail, by part
}

type received struct {
	piece blob.Piece
	tag   string
}

func newDepot(blobs blob.Store) *depot {
	if blobs == nil {
		blobs = &blob.Memory{}
	}
	d := &depot{blobs: blobs, held: map[string]*held{}, uploads: map[string]*upload{}}
	_, _ = rand.Read(d.secret[:])
	d.setFaults(UploadFaults{})
	return d
}

// piece is a name for bytes that come in.
func (d *depot) piece() string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.pieces++
	return "piece-" + strconv.FormatUint(d.pieces, 10)
}

// sign makes the path of an address that is good until a time.
func (d *depot) sign(path string, query url.Values, until time.Time) string {
	query.Set("expires", strconv.FormatInt(until.UnixMilli(), 10))
	query.Set("signature", d.signature(path, query))
	return path + "?" + query.Encode()
}

func (d *depot) signature(path string, query url.Values) string {
	mac := hmac.New(sha256.New, d.secret[:])
	_, _ = io.WriteString(mac, path)
	for _, name := range []string{"part", "expires"} {
		_, _ = io.WriteString(mac, "\n"+query.Get(name))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

var (
	errSignature = errors.New("the signature is not right")
	errExpired   = errors.New("the address has expired")
)

// signed tells whether a signed address is still good.
func (d *depot) signed(address *url.URL) error {
	query := address.Query()
	if !hmac.Equal([]byte(query.Get("signature")), []byte(d.signature(address.Path, query))) {
		return errSignature
	}
	until, err := strconv.ParseInt(query.Get("expires"), 10, 64)
	if err != nil || time.Now().UnixMilli() >= until {
		return errExpired
	}
	return nil
}

// open reads the bytes of a component. blob.ErrNotFound when there are none.
func (d *depot) open(component string) (*held, blob.Reader, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	h := d.held[eval.Fold(component)]
	if h == nil {
		return nil, nil, blob.ErrNotFound
	}
	return h, blob.Join(d.blobs, h.pieces), nil
}

// keep makes pieces the bytes of a component; those it had before are forgotten. The depot is locked.
func (d *depot) keep(component string, h *held) {
	d.drop(component)
	d.held[eval.Fold(component)] = h
}

// drop forgets the bytes of a component. The depot is locked.
func (d *depot) drop(component string) bool {
	h := d.held[eval.Fold(component)]
	if h == nil {
		return false
	}
	delete(d.held, eval.Fold(component))
	for _, piece := range h.pieces {
		_ = d.blobs.Remove(piece.Name)
	}
	return true
}

// put makes bytes of the server's own those of a component.
func (d *depot) put(ctx context.Context, component string, from io.Reader) (int64, error) {
	name := d.piece()
	size, err := d.blobs.Put(ctx, name, from)
	if err != nil {
		return 0, err
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.keep(component, &held{[]blob.Piece{{Name: name, Size: size}}, size, `"` + name + `"`, time.Now()})
	return size, nil
}

// abandon ends an upload and forgets what came of it. The depot is locked.
func (d *depot) abandon(u *upload) {
	delete(d.uploads, u.id)
	for _, r := range u.received {
		_ = d.blobs.Remove(r.piece.Name)
	}
}

// forget drops a component's bytes and uploads: it was deleted. false when there were none.
func (d *depot) forget(component string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	dropped := d.drop(component)
	for _, u := range d.uploads {
		if strings.EqualFold(u.component, component) {
			d.abandon(u)
			dropped = true
		}
	}
	return dropped
}

// DepotState is what is kept of components.
type DepotState struct {
	Components map[string]int64  `json:"components"` // sizes by id
	Uploads    map[string][]int  `json:"uploads"`    // parts that came, by the component's id
	Bytes      int64             `json:"bytes"`
	Faults     UploadFaults      `json:"faults"`
	Attempts   map[string]uint64 `json:"attempts"` // PUTs by their HTTP status, and "cut"
}

func (d *depot) state() DepotState {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	s := DepotState{map[string]int64{}, map[string][]int{}, 0, d.faults, map[string]uint64{}}
	for id, h := range d.held {
		s.Components[id] = h.size
		s.Bytes += h.size
	}
	for _, u := range d.uploads {
		if u.done {
			continue
		}
		parts := []int{}
		for part, r := range u.received {
			parts = append(parts, part)
			s.Bytes += r.piece.Size
		}
		slices.Sort(parts)
		s.Uploads[u.component] = append(s.Uploads[u.component], parts...)
	}
	for what, n := range d.drawn.attempts {
		s.Attempts[what] = n
	}
	return s
}

func (d *depot) count(what int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	name := "cut"
	if what > 0 {
		name = fmt.Sprint(what)
	}
	d.drawn.attempts[name]++
}
