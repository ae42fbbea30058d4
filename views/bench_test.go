package views

import (
	"io"
	"strconv"
	"testing"
)

// BenchmarkList is the page that is asked for most, with as many rows as it has.
func BenchmarkList(b *testing.B) {
	t := In(Bokmal)
	page := ListPage{Page: examplePage(t, t.S("list.title"), "integrations"), Next: "c2Vjb25k"}
	rows := exampleRows(t)
	for i := range 25 {
		row := rows[i%len(rows)]
		row.ID += strconv.Itoa(i)
		page.Rows = append(page.Rows, row)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := List(page).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJourney is the largest page: nine lights and all blocks.
func BenchmarkJourney(b *testing.B) {
	page := journeyProved(In(Bokmal))
	b.ReportAllocs()
	for b.Loop() {
		if err := Journey(page).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
