package views

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the machine that runs Portvakt may have no time zones
)

// oslo is the zone in which times are shown; support is given times in UTC.
var oslo = func() *time.Location {
	l, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic("views: " + err.Error())
	}
	return l
}()

// Date writes a day as the language does: 22. november 2026.
func (t Text) Date(at time.Time) string {
	if at.IsZero() {
		return t.S("date.none")
	}
	at = at.In(oslo)
	month := t.S("month." + strconv.Itoa(int(at.Month())))
	if t.language == English {
		return strconv.Itoa(at.Day()) + " " + month + " " + strconv.Itoa(at.Year())
	}
	return strconv.Itoa(at.Day()) + ". " + month + " " + strconv.Itoa(at.Year())
}

// Clock writes the time of day: 14:05.
func (t Text) Clock(at time.Time) string { return at.In(oslo).Format("15:04") }

// Moment writes day and time of day.
func (t Text) Moment(at time.Time) string {
	if at.IsZero() {
		return t.S("date.none")
	}
	return t.Date(at) + " " + t.S("date.at") + " " + t.Clock(at)
}

// DayValue is a day as a date field wants it, or empty.
func DayValue(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(oslo).Format("2006-01-02")
}

// ParseDay reads what a date field sends, as noon of that day in Norway.
func ParseDay(s string) (time.Time, error) {
	d, err := time.ParseInLocation("2006-01-02", strings.TrimSpace(s), oslo)
	if err != nil {
		return time.Time{}, err
	}
	return d.Add(12 * time.Hour), nil
}

// Stamp is a time as support wants it: UTC, to the second.
func Stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") }

// OrgNumberText groups the nine digits of an organisation number.
func OrgNumberText(n string) string {
	if len(n) != 9 {
		return n
	}
	return n[:3] + "\u00a0" + n[3:6] + "\u00a0" + n[6:]
}

// Millis writes a duration for people: 0.4 ms, 38 ms, 1.2 s.
func (t Text) Millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	var s string
	switch {
	case ms < 10:
		s = strconv.FormatFloat(ms, 'f', 1, 64) + "\u00a0ms"
	case ms < 1000:
		s = strconv.FormatFloat(ms, 'f', 0, 64) + "\u00a0ms"
	default:
		s = strconv.FormatFloat(ms/1000, 'f', 1, 64) + "\u00a0s"
	}
	if t.language != English {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
