package file_test

import (
	"context"
	"fmt"
	"os"

	"github.com/ftrack-wasm/ftrack-wasm/cache/file"
)

func ExampleCache() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	c, err := file.New(folder, file.Options{Limit: 64 << 20})
	if err != nil {
		panic(err)
	}
	c.Set(ctx, "sh010", []byte("hero"))

	later, err := file.New(folder, file.Options{}) // another program, perhaps at the same time
	if err != nil {
		panic(err)
	}
	value, ok, err := later.Get(ctx, "sh010")
	fmt.Println(string(value), ok, err)
	// Output: hero true <nil>
}
