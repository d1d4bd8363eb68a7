// Package accessortest holds what every accessor must keep to, as tests.
package accessortest
