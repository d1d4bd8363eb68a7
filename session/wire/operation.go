package wire

// Operation is one element of a request's array: its members by name.
type Operation map[string]any

// Query asks for entities. The expression carries its own offset and limit.
func Query(expression string) Operation {
	return Operation{"action": "query", "expression": expression}
}

// QueryServerInformation asks the server who it is.
func QueryServerInformation() Operation { return Operation{"action": "query_server_information"} }

// QuerySchemas asks for all entity types.
func QuerySchemas() Operation { return Operation{"action": "query_schemas"} }

// AppendOperations appends the body of a request. The operations must hold what AppendValue takes; the constructors of
// this package do.
func AppendOperations(out []byte, operations ...Operation) []byte {
	out = append(out, '[')
	for i, o := range operations {
		if i > 0 {
			out = append(out, ',')
		}
		out, _ = appendValue(out, map[string]any(o), "", 1)
	}
	return append(out, ']')
}
