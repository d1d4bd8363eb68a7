package session

// ShowsKey reports whether a key stands in what would be kept.
func ShowsKey(key string, body []byte) bool { return showsKey([]byte(key), body) }
