package views

import (
	_ "embed"
	"encoding/json"
	"time"
)

//go:embed samarbeidsportalen.json
var labelFile []byte

// labelData is what Samarbeidsportalen calls its buttons and fields, and when
// that was last looked at. The names have changed twice in two years, so they
// are data and not words in a template.
var labelData = func() (d struct {
	Checked string                       `json:"checked"`
	Labels  map[string]map[string]string `json:"labels"`
}) {
	if err := json.Unmarshal(labelFile, &d); err != nil {
		panic("views: reading samarbeidsportalen.json: " + err.Error())
	}
	return d
}()

// SiteLabel is one label of Samarbeidsportalen, as it stands there.
type SiteLabel struct {
	// Name is the label of today, in Language.
	Name     string
	Language Language
	// Old is what it was called before, or empty.
	Old string
}

// Label returns what the site calls a thing. The real site is Norwegian; the
// practice page speaks the reader's language.
func (t Text) Label(id string, practice bool) SiteLabel {
	names, ok := labelData.Labels[id]
	if !ok {
		panic("views: no label named " + id)
	}
	l := Bokmal
	if practice {
		l = t.language
	}
	old := names["old"]
	// In translation what it was called before is often what it is called now.
	if old == names[string(l)] || old == names[string(Bokmal)] {
		old = ""
	}
	return SiteLabel{Name: names[string(l)], Language: l, Old: old}
}

// LabelsChecked is the day on which the labels were last compared with the site.
func LabelsChecked() time.Time {
	d, err := ParseDay(labelData.Checked)
	if err != nil {
		panic("views: " + err.Error())
	}
	return d
}
