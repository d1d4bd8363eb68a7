package server

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ftrack-wasm/ftrack-wasm/session/location"
	"github.com/ftrack-wasm/ftrack-wasm/session/wire"
)

// How failed parts are sent again, as the server's own clients do.
const (
	retryDelay    = time.Second
	maxRetryDelay = 64 * time.Second
	connections   = 4
	clearTime     = 10 * time.Second
)

const (
	megabyte = 1 << 20
	gigabyte = 1 << 30
	most     = 10_000 // parts of one file
)

// plan parts a file: up to two chunks go in one piece.
func plan(size int64) (chunk int64, parts int) {
	switch {
	case size <= 128*megabyte:
		chunk = 8 * megabyte
	case size <= gigabyte:
		chunk = 16 * megabyte
	case size <= 8*gigabyte:
		chunk = 32 * megabyte
	case size <= 64*gigabyte:
		chunk = 64 * megabyte
	default:
		chunk = 128 * megabyte
	}
	if parts = int((size + chunk - 1) / chunk); parts <= 2 {
		parts = 1
	}
	return chunk, parts
}

// Write uploads data under the id of a component, which need not exist yet, and registers nothing. A *os.File, or another source that
// gives its bytes in any order, goes up in several parts at once; of what comes in order one part is held in memory. A source of
// unknown size is put on the disk first.
func (a *Accessor) Write(ctx context.Context, identifier string, data io.Reader, size int64) error {
	return a.WriteWithProgress(ctx, identifier, data, size, nil)
}

// WriteWithProgress is Write that tells how many bytes have left.
func (a *Accessor) WriteWithProgress(ctx context.Context, identifier string, data io.Reader, size int64, onProgress func(loaded int64)) error {
	if err := checkID("write", identifier); err != nil {
		return err
	}
	name := identifier
	if file, ok := data.(interface{ Name() string }); ok {
		name = file.Name()[strings.LastIndexAny(file.Name(), `/\`)+1:]
	}
	sent := newSent(onProgress)
	defer sent.end()
	err := a.write(ctx, identifier, name, data, size, sent)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	a.clear(context.WithoutCancel(ctx), identifier)
	return fault(location.ErrOperationFailed, "write", identifier, err)
}

// clear takes away what a write left before it failed. Where the server has nothing of it there is nothing to say.
func (a *Accessor) clear(ctx context.Context, identifier string) {
	ctx, cancel := context.WithTimeout(ctx, clearTime)
	defer cancel()
	if response, err := a.ask(ctx, "remove", "/component/remove", identifier); err == nil {
		response.Body.Close()
	}
}

func (a *Accessor) write(ctx context.Context, id, name string, data io.Reader, size int64, sent *sent) error {
	if size < 0 {
		spool, err := os.CreateTemp("", "ftrack-upload-")
		if err != nil {
			return err
		}
		defer os.Remove(spool.Name())
		defer spool.Close()
		if size, err = io.Copy(spool, location.Reader(ctx, data)); err != nil {
			return err
		}
		data = io.NewSectionReader(spool, 0, size)
	}
	chunk, parts := plan(size)
	if parts > most {
		return errors.New("the file is larger than the server takes")
	}
	operation := wire.Operation{"action": "get_upload_metadata", "component_id": id, "file_name": name, "file_size": size, "parts": nil}
	if parts == 1 {
		whole, err := io.ReadAll(io.LimitReader(location.Reader(ctx, data), size+1))
		if err != nil {
			return err
		}
		if int64(len(whole)) != size {
			return errors.New("the source has another size than was said")
		}
		sum := md5.Sum(whole)
		operation["checksum"] = base64.StdEncoding.EncodeToString(sum[:])
		reply, err := a.call(ctx, operation)
		if err != nil {
			return err
		}
		var header []wire.Header
		for name, value := range reply.Get("headers").Members() {
			header = append(header, wire.Header{Name: name, Value: value.Text()})
		}
		_, err = a.put(ctx, reply.Get("url").Text(), header, func() io.Reader { return sent.body(0, bytes.NewReader(whole)) }, size)
		return err
	}
	operation["parts"] = parts
	reply, err := a.call(ctx, operation)
	if err != nil {
		return err
	}
	urls := make([]string, parts)
	for each := range reply.Get("urls").Elements() {
		if n, ok := each.Get("part_number").Int(); ok && n >= 1 && int(n) <= parts {
			urls[n-1] = each.Get("signed_url").Text()
		}
	}
	etags, err := a.putParts(ctx, urls, data, size, chunk, sent)
	if err != nil {
		return err
	}
	done := make([]any, parts)
	for i, etag := range etags {
		done[i] = map[string]any{"part_number": i + 1, "e_tag": etag}
	}
	_, err = a.call(ctx, wire.Operation{"action": "complete_multipart_upload", "upload_id": reply.Get("upload_id").Text(), "component_id": id, "parts": done})
	return err
}

func (a *Accessor) call(ctx context.Context, operation wire.Operation) (wire.Node, error) {
	body, err := a.api.Call(ctx, map[string]any(operation))
	if err != nil {
		return wire.Node{}, err
	}
	root, err := wire.Parse(body)
	if err != nil || root.Len() != 1 {
		return wire.Node{}, errors.New("the server's reply is none")
	}
	return root.List()[0], nil
}

// putParts sends the parts, several at once where the source allows it.
func (a *Accessor) putParts(ctx context.Context, urls []string, data io.Reader, size, chunk int64, sent *sent) ([]string, error) {
	etags := make([]string, len(urls))
	source, random := data.(io.ReaderAt)
	if !random {
		buffer := make([]byte, chunk)
		for i := range urls {
			piece := buffer[:min(chunk, size-int64(i)*chunk)]
			if _, err := io.ReadFull(location.Reader(ctx, data), piece); err != nil {
				return nil, err
			}
			etag, err := a.put(ctx, urls[i], nil, func() io.Reader { return sent.body(i, bytes.NewReader(piece)) }, int64(len(piece)))
			if err != nil {
				return nil, err
			}
			etags[i] = etag
		}
		return etags, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var first error
	var once sync.Once
	next := make(chan int)
	for range min(connections, len(urls)) {
		wg.Go(func() {
			for i := range next {
				at := int64(i) * chunk
				length := min(chunk, size-at)
				etag, err := a.put(ctx, urls[i], nil, func() io.Reader { return sent.body(i, io.NewSectionReader(source, at, length)) }, length)
				if err != nil {
					once.Do(func() { first = err; cancel(err) })
				}
				etags[i] = etag
			}
		})
	}
	for i := range urls {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if first == nil && ctx.Err() != nil {
		first = context.Cause(ctx)
	}
	return etags, first
}

// put sends a piece, again where that may help, and gives the storage's ETag.
func (a *Accessor) put(ctx context.Context, url string, header []wire.Header, body func() io.Reader, size int64) (string, error) {
	if strings.HasPrefix(url, "/") {
		url = a.api.ServerURL() + url
	}
	var etag string
	err := wire.Retry(ctx, a.retry, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodPut, url, io.NopCloser(body()))
		if err != nil {
			return errors.New("the server gave an address that cannot be used")
		}
		for _, h := range header {
			if !strings.EqualFold(h.Name, "content-length") {
				request.Header.Set(h.Name, h.Value)
			}
		}
		if request.ContentLength = size; size == 0 {
			request.Body = http.NoBody
		}
		response, err := a.client.Do(request)
		if err != nil {
			return &wire.NetworkError{Op: "upload", URL: request.URL.Scheme + "://" + request.URL.Host, Err: cause(ctx, err)}
		}
		defer response.Body.Close()
		io.Copy(io.Discard, response.Body)
		if response.StatusCode < 200 || response.StatusCode > 299 {
			return &wire.ServerError{Op: "upload", Status: response.StatusCode, Content: "the storage refused (HTTP status " + response.Status + ")"}
		}
		etag = response.Header.Get("etag")
		return nil
	})
	return etag, err
}
