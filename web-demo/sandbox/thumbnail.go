package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // what thumbnails are made of
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/image/draw"
)

// The sizes of thumbnails, and of what they are made of.
const (
	usualThumbnail  = 300
	largeThumbnail  = 2048
	maxPixels       = 100 << 20
	keptThumbnails  = 256
	jpegOfThumbnail = 85
)

var errNoImage = errors.New("the component is no image")

// thumbnails are those that were made last.
type thumbnails struct {
	mutex sync.Mutex
	made  map[string]thumbnail
}

type thumbnail struct {
	bytes []byte
	kind  string // the content type
}

// sendThumbnail sends an image of a component whose longer side is of the size at most.
func (s *Server) sendThumbnail(w http.ResponseWriter, r *http.Request, id, wanted string) {
	size := usualThumbnail
	if wanted != "" {
		var err error
		if size, err = strconv.Atoi(wanted); err != nil || size < 1 || size > largeThumbnail {
			http.Error(w, fmt.Sprintf("a size is 1 to %d", largeThumbnail), http.StatusBadRequest)
			return
		}
	}
	made, tag, err := s.thumbnail(id, size)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", made.kind)
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, max-age=60")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(made.bytes))
}

func (s *Server) thumbnail(id string, size int) (thumbnail, string, error) {
	data, err := s.openComponent(id)
	if err != nil {
		return thumbnail{}, "", err
	}
	defer data.Close()
	tag := fmt.Sprintf(`%s-%d"`, data.tag[:len(data.tag)-1], size)
	s.thumbnails.mutex.Lock()
	made, ok := s.thumbnails.made[tag]
	s.thumbnails.mutex.Unlock()
	if ok {
		return made, tag, nil
	}
	if made, err = scale(data, size); err != nil {
		return thumbnail{}, "", err
	}
	s.thumbnails.mutex.Lock()
	defer s.thumbnails.mutex.Unlock()
	if s.thumbnails.made == nil || len(s.thumbnails.made) >= keptThumbnails {
		s.thumbnails.made = map[string]thumbnail{}
	}
	s.thumbnails.made[tag] = made
	return made, tag, nil
}

// scale reads an image and makes a smaller one; what is small already keeps its size. One that can be seen through is PNG.
func scale(from io.ReadSeeker, size int) (thumbnail, error) {
	config, _, err := image.DecodeConfig(from)
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width*config.Height > maxPixels {
		return thumbnail{}, errNoImage
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return thumbnail{}, err
	}
	full, _, err := image.Decode(from)
	if err != nil {
		return thumbnail{}, errNoImage
	}
	bounds := full.Bounds()
	width, height := bounds.Dx(), bounds.Dy()
	scaler := draw.Scaler(draw.NearestNeighbor) // which copies, as long as the size is the same
	if longer := max(width, height); longer > size {
		width, height, scaler = max(width*size/longer, 1), max(height*size/longer, 1), draw.CatmullRom
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	scaler.Scale(small, small.Bounds(), full, bounds, draw.Src, nil)
	var out bytes.Buffer
	if small.Opaque() {
		err = jpeg.Encode(&out, small, &jpeg.Options{Quality: jpegOfThumbnail})
		return thumbnail{out.Bytes(), "image/jpeg"}, err
	}
	err = png.Encode(&out, small)
	return thumbnail{out.Bytes(), "image/png"}, err
}
