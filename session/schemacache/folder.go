package schemacache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a SchemaCache of sessions over a folder, which is made when it is first written to. Several processes may use it
// at once.
type Folder struct {
	// Path is the folder; "" is that of DefaultPath.
	Path string
	// Report is told what went wrong, by whoever uses the folder: schemas are kept nowhere then. nil tells nobody.
	Report func(error)
}

// DefaultPath is FTRACK_API_SCHEMA_CACHE_PATH of the environment, else the folder ftrack-wasm of the user's cache folder.
func DefaultPath() (string, error) {
	if path := os.Getenv("FTRACK_API_SCHEMA_CACHE_PATH"); path != "" {
		return path, nil
	}
	path, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("schema cache: no folder: %w; set FTRACK_API_SCHEMA_CACHE_PATH", err)
	}
	return filepath.Join(path, "ftrack-wasm"), nil
}

// mark begins the first line of a file; the hash of the schemas and the checksum of the text follow.
const mark = "ftrack-wasm schemas 1 "

// LoadSchemas reads the file of a server.
func (f Folder) LoadSchemas(_ context.Context, serverURL string) (hash string, text []byte, ok bool) {
	path, err := f.file(serverURL)
	if err != nil {
		f.report(err)
		return "", nil, false
	}
	content, err := os.ReadFile(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			f.report(fmt.Errorf("schema cache: %w; the schemas are asked for again", err))
		}
		return "", nil, false
	}
	first, text, _ := bytes.Cut(content, []byte("\n"))
	fields := strings.Fields(strings.TrimPrefix(string(first), mark))
	if !bytes.HasPrefix(first, []byte(mark)) || len(fields) != 2 || fields[1] != sum(text) {
		f.report(fmt.Errorf("schema cache: %s is damaged or of another version; the schemas are asked for again", path))
		return "", nil, false
	}
	return fields[0], text, true
}

// SaveSchemas replaces the file of a server.
func (f Folder) SaveSchemas(_ context.Context, serverURL, hash string, text []byte) {
	if err := f.save(serverURL, hash, text); err != nil {
		f.report(fmt.Errorf("schema cache: %w; the next session asks for the schemas again", err))
	}
}

func (f Folder) save(serverURL, hash string, text []byte) error {
	path, err := f.file(serverURL)
	if err != nil {
		return err
	}
	if strings.ContainsAny(hash, " \t\r\n") {
		return fmt.Errorf("the server's schema hash %q cannot be stored", hash)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // when it was not renamed
	_, err = file.Write(append([]byte(mark+hash+" "+sum(text)+"\n"), text...))
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// file is where the schemas of a server are: named after it, told apart from others by a checksum.
func (f Folder) file(serverURL string) (string, error) {
	folder := f.Path
	if folder == "" {
		var err error
		if folder, err = DefaultPath(); err != nil {
			return "", err
		}
	}
	_, host, _ := strings.Cut(serverURL, "://")
	name := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, host)
	return filepath.Join(folder, fmt.Sprintf("%.80s-%.12s.schemas", name, sum([]byte(serverURL)))), nil
}

func (f Folder) report(err error) {
	if f.Report != nil {
		f.Report(err)
	}
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}
