package eval_test

import (
	"context"
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query/eval"
)

func ExamplePrepare() {
	source := production(nil) // a small production in memory
	plan, err := eval.Prepare(source, `select name from Task where parent[Shot].status.name is "In Progress" order by name`, eval.Options{})
	if err != nil {
		panic(err)
	}
	result, err := plan.Run(context.Background())
	if err != nil {
		panic(err)
	}
	for _, e := range result.Entities {
		name := plan.Columns[0].Path[0].Attribute
		fmt.Println(source.Value(e, name).Text())
	}
	// Output:
	// anim
	// Comp
}

func ExampleError() {
	_, err := eval.Prepare(production(nil), `Task where staus.name is "Done"`, eval.Options{})
	fmt.Println(err)
	// Output: query: Task has no attribute "staus"; did you mean "status"?
}
