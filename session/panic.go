package session

// guard calls a function of others and reports its panic.
func (s *Session) guard(who string, f func()) {
	defer func() {
		if p := recover(); p != nil {
			s.options.Report(&panicError{who, p})
		}
	}()
	f()
}

// panicError is what a goroutine of the session's own panicked with.
type panicError struct {
	who   string
	value any
}

// Error says whose panic it was, and what it was about.
func (e *panicError) Error() string {
	text := "panic"
	switch v := e.value.(type) {
	case error:
		text = v.Error()
	case string:
		text = v
	}
	return e.who + " panicked: " + text
}
