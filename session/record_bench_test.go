package session_test

import (
	"strconv"
	"testing"
)

// BenchmarkRecordOneChange sets an attribute of one of a hundred entities; the record is taken back now and then.
func BenchmarkRecordOneChange(b *testing.B) {
	file := readScripts(b)
	s := newServed(b, file.entities(), nil).open(b)
	task, err := s.Get(b.Context(), "Task", file.IDs["t1"])
	if err != nil || task == nil {
		b.Fatal(err)
	}
	names := make([]string, 64)
	for i := range names {
		names[i] = "name " + strconv.Itoa(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if err := task.Set("name", names[i%64]); err != nil {
			b.Fatal(err)
		}
		if i%1000 == 999 {
			s.Rollback()
		}
	}
}

func BenchmarkRecordOneChangeByCommand(b *testing.B) {
	file := readScripts(b)
	s := newServed(b, file.entities(), nil).open(b)
	task, err := s.Get(b.Context(), "Task", file.IDs["t1"])
	if err != nil || task == nil {
		b.Fatal(err)
	}
	command := []byte(`{"op":"set","record":` + strconv.Itoa(int(task.Record())) + `,"values":{"name":"another name"}}`)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Command(command); err != nil {
			b.Fatal(err)
		}
		if i%1000 == 999 {
			s.Rollback()
		}
	}
}
