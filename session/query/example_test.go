package query_test

import (
	"fmt"

	"github.com/ftrack-wasm/ftrack-wasm/session/query"
)

func ExampleParse() {
	q, err := query.Parse(`Task where name is "limit 5" and project.status is active limit 700`)
	if err != nil {
		panic(err)
	}
	limit, _ := q.Limit()
	fmt.Println(q.EntityType, limit, q.HasSelect())
	fmt.Println(q.WithProjections(query.Plain("id", "name")).WithPage(500, 200))
	// Output:
	// Task 700 false
	// select id, name from Task where name is "limit 5" and project.status is active offset 500 limit 200
}

func ExampleSyntaxError() {
	_, err := query.Parse("Task where name is \"comp\"\n  and status.name == Done")
	fmt.Println(err)
	// Output:
	// query syntax: line 2, column 20: expected a value
	//       and status.name == Done
	//                        ^
}

func ExampleQuote() {
	for _, value := range []any{`Bunny's "big" day`, `5" disk`, 3, nil, []any{"a", "b"}} {
		text, _ := query.Quote(value)
		fmt.Println(text)
	}
	// Output:
	// "Bunny's \"big\" day"
	// '5" disk'
	// 3
	// None
	// ("a", "b")
}

func ExamplePattern() {
	fmt.Println("name like " + query.Text("%"+query.Pattern("100%")+"%"))
	// Output: name like "%100\\%%"
}
