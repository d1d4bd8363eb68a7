package sandbox

// rules are the behaviours that the sandbox has because the real server has them, by id. FACTS.md says of each what it is and
// where it is known from; a test fails for a rule without a source. Whoever adds a behaviour adds its rule.
var rules = []string{
	"api-array", "api-order", "batch-isolation", "auth-headers", "auth-refusal", "error-body", "error-status", "error-strict", "error-unknown-action", "information", "information-values",
	"schemas", "schema-hash", "schema-studio-type", "cors-credentials", "cors-headers",
	"inheritance", "query-system-columns", "query-legacy-columns", "query-next-offset", "query-stubs", "query-default-projections", "query-relation-ends", "query-restricted",
	"query-order", "query-aggregates", "query-key-order", "query-casts", "query-derived", "dates-naive-utc", "dates-seconds", "link", "derived-follow", "items-any-context", "denormalize", "search",
	"create-client-keys", "create-keys", "keys-composite", "keys-integer", "create-defaults", "create-context", "create-project", "create-version", "create-note", "note-attached", "component-container", "create-recipient", "create-user", "create-required-filled",
	"create-unknown-attribute", "create-value-refused", "create-base-type", "create-reply", "create-reply-stub", "second-timer", "metadata-parent-type",
	"dangling-keys", "update-reply", "reply-pair", "reply-gone", "update-immutable", "update-declared-type", "update-upserts-values", "list-replaces", "list-other-side", "list-moves", "metadata-batch", "status-change",
	"delete-reply", "delete-project", "delete-notes", "delete-dependents", "delete-version-refused", "delete-location-refused",
	"custom-dense", "custom-sparse", "custom-applies", "custom-same-key", "custom-validated", "custom-links", "custom-configuration", "custom-null-is-set", "custom-delete", "custom-create", "custom-default-set",
	"event-handshake", "event-socket", "event-frames", "event-acknowledgement", "event-heartbeat", "event-subscribe", "event-expression", "event-target", "event-reply", "event-everybody", "event-topic",
	"update-event", "update-action", "update-names", "update-values", "update-types", "update-parents", "update-members", "update-origin", "update-order",
	"upload-single", "upload-parts", "upload-checksum", "upload-signed", "upload-again", "upload-gone", "component-data", "component-thumbnail", "component-remove", "component-addresses",
	"encode-media", "jobs", "widget", "invites", "reset-key", "delayed-job", "roles",
}

// Rules are the ids of the behaviours that FACTS.md lists.
func Rules() []string { return append([]string(nil), rules...) }
