package file_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/ftrack-wasm/ftrack-wasm/cache/file"
)

const childFolder = "FTRACK_WASM_TEST_CACHE_FOLDER"

// TestMain makes a writer of the test's own program, when it is asked to: one that can be killed.
func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		writeForEver(folder, os.Args[len(os.Args)-1])
	}
	os.Exit(m.Run())
}

// keysOfWriter are the keys of what writers write. In step n they change the key n modulo their number, all else with it.
const keysOfWriter = 7

// valueOf is what a writer sets in step n; every fifth removes.
func valueOf(n int) (value []byte, removed bool) {
	if n%5 == 4 {
		return nil, true
	}
	return bytes.Repeat([]byte(fmt.Sprintf("%08d ", n)), 1+n*7919%100_000), false
}

// writeForEver says what it has written, after it has.
func writeForEver(folder, first string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
	}
	ctx := context.Background()
	c, err := file.New(folder, file.Options{Report: fail})
	fail(err)
	n, err := strconv.Atoi(first)
	for ; ; n++ {
		key := fmt.Sprint("key ", n%keysOfWriter)
		if value, removed := valueOf(n); removed {
			fail(c.Remove(ctx, key))
		} else {
			fail(c.SetMany(ctx, map[string][]byte{key: value, key + " again": value}))
		}
		fmt.Println(n)
	}
}

// killOne runs a writer from step n on and kills it, in the middle of a write where it can. It gives the last step that the
// writer reported.
func killOne(t *testing.T, folder string, n int) (reported int, during bool) {
	t.Helper()
	before := len(files(t, folder, "*.part"))
	child := exec.Command(os.Args[0], "-test.run=^$", strconv.Itoa(n))
	child.Env = append(os.Environ(), childFolder+"="+folder)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	reported = n - 1
	steps := rand.IntN(5)
	for range steps {
		require.True(t, lines.Scan(), "the writer lives")
		reported, err = strconv.Atoi(lines.Text())
		require.NoError(t, err, lines.Text())
	}
	for deadline := time.Now().Add(10 * time.Second); len(files(t, folder, "*.part")) == before && time.Now().Before(deadline); {
	}
	require.NoError(t, child.Process.Kill())
	for lines.Scan() {
		last, err := strconv.Atoi(lines.Text())
		require.NoError(t, err, lines.Text())
		reported = last
	}
	child.Wait()
	return reported, len(files(t, folder, "*.part")) > before
}

func TestWritersThatAreKilledLoseNothingAndDamageNothing(t *testing.T) {
	folder := t.TempDir()
	watching := open(t, folder, file.Options{})
	during, rounds, next := 0, 0, 0
	for deadline := time.Now().Add(2 * time.Minute); (rounds < 12 || during < 4) && time.Now().Before(deadline); rounds++ {
		reported, half := killOne(t, folder, next)
		if half {
			during++
		}
		for _, c := range []*file.Cache{watching, open(t, folder, file.Options{})} {
			checkSteps(t, c, reported)
		}
		next = reported + 1 // again, what may be done already
	}
	assert.GreaterOrEqual(t, during, 4, "of %d writers that were killed in the middle of a write", rounds)
	t.Logf("%d writers killed, %d of them in the middle of a write, after %d steps", rounds, during, next)
}

// after is what the steps to the last one left: for each key the step of its value.
func after(last int) map[string]int {
	left := map[string]int{}
	for n := max(0, last-keysOfWriter*5); n <= last; n++ { // each key is set, plainly and again, within so many steps
		key := fmt.Sprint("key ", n%keysOfWriter)
		if _, removed := valueOf(n); removed {
			delete(left, key)
		} else {
			left[key], left[key+" again"] = n, n
		}
	}
	return left
}

// checkSteps finds what the steps to the reported one left, or the one after it.
func checkSteps(t *testing.T, c *file.Cache, reported int) {
	t.Helper()
	fits := func(left map[string]int, key string, value []byte, ok bool) bool {
		n, has := left[key]
		want, _ := valueOf(n)
		return has == ok && (!ok || bytes.Equal(want, value))
	}
	for k := range keysOfWriter {
		for _, key := range []string{fmt.Sprint("key ", k), fmt.Sprint("key ", k, " again")} {
			value, ok, err := c.Get(t.Context(), key)
			require.NoError(t, err)
			require.True(t, fits(after(reported), key, value, ok) || fits(after(reported+1), key, value, ok),
				"%s after step %d: got %.20q, %v", key, reported, value, ok)
		}
	}
}

func TestProcessesWriteAtOnce(t *testing.T) {
	folder := t.TempDir()
	var children []*exec.Cmd
	var outputs []*bufio.Scanner
	for i := range 3 {
		child := exec.Command(os.Args[0], "-test.run=^$", strconv.Itoa(i*1_000_000))
		child.Env = append(os.Environ(), childFolder+"="+folder)
		out, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		children, outputs = append(children, child), append(outputs, bufio.NewScanner(out))
	}
	mine := open(t, folder, file.Options{})
	for i := range 30 {
		set(t, mine, "mine", fmt.Sprint(i))
		for _, out := range outputs {
			require.True(t, out.Scan())
			_, err := strconv.Atoi(out.Text())
			require.NoError(t, err, out.Text())
		}
		require.Equal(t, fmt.Sprint(i), get(t, mine, "mine"))
		for k := range keysOfWriter {
			if value, ok, err := mine.Get(t.Context(), fmt.Sprint("key ", k)); ok {
				require.NoError(t, err)
				n, err := strconv.Atoi(string(value[:8]))
				require.NoError(t, err)
				want, _ := valueOf(n)
				require.True(t, bytes.Equal(want, value))
			}
		}
	}
	for _, child := range children {
		require.NoError(t, child.Process.Kill())
		child.Wait()
	}
	assert.Equal(t, "29", get(t, open(t, folder, file.Options{}), "mine"))
}
