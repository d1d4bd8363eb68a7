package production

import (
	"bytes"
	_ "embed" // the clip
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
	"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/store"
)

// reel is what versions play: reel/reel.mjs draws it.
//
//go:embed reel/reel.webm
var reel []byte

// The size of a picture, and of the one that ends up in a file of any size from 20,000 bytes on.
const (
	pictureWidth   = 480
	pictureHeight  = 270
	pictureQuality = 75
)

// Draw makes the bytes of a component that Build made for reviews: a picture, or the reel. nil for any other component. The
// caller holds the store's lock for reading. The same component gives the same bytes, as many as its size says.
func Draw(s *store.Store, component string) []byte {
	e := s.Find(s.Schemas().Type("FileComponent"), component)
	version := s.Named(e, "version").Entity()
	if e == 0 || version == 0 {
		return nil
	}
	name := s.Named(e, "name").Text()
	if ID("component/"+s.ID(version)+name) != s.ID(e) {
		return nil // somebody else's
	}
	switch name {
	case "ftrackreview-webm":
		return reel
	case "ftrackreview-image":
		return padded(picture(s, version), int(s.Named(e, "size").Int()))
	}
	return nil
}

// picture is a landscape in the colours of an asset, with the name of what it is of and the version's number.
func picture(s *store.Store, version eval.Entity) []byte {
	asset := s.Named(version, "asset").Entity()
	of := s.Named(asset, "parent").Entity()
	number := s.Named(version, "version").Int()
	img := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	landscape(img, hash(s.ID(asset)), float64(number))
	write(img, 16, pictureHeight-40, 26, s.Named(of, "name").Text())
	write(img, 16, pictureHeight-16, 15, fmt.Sprintf("%s · v%03d", s.Named(asset, "name").Text(), number))
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: pictureQuality}) // a buffer takes all
	return out.Bytes()
}

func hash(text string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()
}

// landscape fills an image with sky, a sun, and three ranges of hills. Versions of the same seed differ by the time of day.
func landscape(img *image.RGBA, seed uint32, version float64) {
	const layers = 3
	hue := float64(seed%360) / 360
	bounds := img.Bounds()
	width, height := float64(bounds.Dx()), float64(bounds.Dy())
	sunX, sunY, radius := width*(0.15+0.2*version), height*(0.5-0.1*version), height*0.09
	sun := color.RGBA{255, 240, 200, 255}
	above, below := hsv(hue, 0.55, 0.35), hsv(hue+0.09, 0.45, 0.95)
	var hills [layers]color.RGBA
	for layer := range layers {
		hills[layer] = hsv(hue+0.5, 0.45-0.08*float64(layer), 0.42-0.12*float64(layer))
	}
	for x := range bounds.Dx() {
		var ridges [layers]float64
		for layer := range layers {
			along := float64(x)/width*(4+2*float64(layer)) + float64(seed>>(layer*5)%97)
			ridges[layer] = height * (0.55 + 0.12*float64(layer) + 0.07*math.Sin(along*2.1) + 0.03*math.Sin(along*5.3))
		}
		for y := range bounds.Dy() {
			at := mix(above, below, float64(y)/height*1.4)
			if distance := math.Hypot(float64(x)-sunX, float64(y)-sunY); distance < radius {
				at = sun
			} else if distance < radius*3 {
				at = mix(sun, at, 0.55+0.45*(distance-radius)/(2*radius))
			}
			for layer, ridge := range ridges {
				if float64(y) > ridge {
					at = hills[layer]
				}
			}
			img.SetRGBA(x, y, at)
		}
	}
}

func mix(a, b color.RGBA, share float64) color.RGBA {
	share = min(max(share, 0), 1)
	part := func(a, b uint8) uint8 { return uint8(float64(a)*(1-share) + float64(b)*share) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}

// hsv is a colour of hue, saturation and value, each from 0 to 1; hues go around.
func hsv(h, s, v float64) color.RGBA {
	h = (h - math.Floor(h)) * 6
	part := func(n float64) uint8 {
		k := math.Mod(n+h, 6)
		return uint8(255 * v * (1 - s*max(0, min(k, 4-k, 1))))
	}
	return color.RGBA{part(5), part(3), part(1), 255}
}

var bold = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })

// write puts a text on an image, its baseline at y. What the font has no letters for is left out.
func write(img *image.RGBA, x, y int, size float64, text string) {
	parsed, err := bold()
	if err != nil {
		return
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return
	}
	defer face.Close()
	for _, pass := range []struct {
		by int
		in color.RGBA
	}{{2, color.RGBA{0, 0, 0, 160}}, {0, color.RGBA{255, 255, 255, 255}}} {
		drawer := font.Drawer{Dst: img, Src: image.NewUniform(pass.in), Face: face, Dot: fixed.P(x+pass.by, y+pass.by)}
		drawer.DrawString(text)
	}
}

// padded makes a JPEG as long as a component's size says, by comments after its first mark. One that is longer, or too
// short by less than a comment needs, stays as it is.
func padded(data []byte, size int) []byte {
	const head, most = 4, 65533
	missing := size - len(data)
	if missing < head {
		return data
	}
	out := append(make([]byte, 0, size), data[:2]...)
	for missing > 0 {
		length := min(missing, most+2)
		if left := missing - length; left > 0 && left < head {
			length -= head
		}
		out = append(out, 0xff, 0xfe)
		out = binary.BigEndian.AppendUint16(out, uint16(length-2))
		out = append(out, make([]byte, length-head)...)
		missing -= length
	}
	return append(out, data[2:]...)
}
