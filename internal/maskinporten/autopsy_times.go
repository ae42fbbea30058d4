package maskinporten

import (
	"math"
	"strconv"
	"time"
)

const (
	// tolerance is how far Maskinporten lets clocks differ.
	tolerance = 10 * time.Second
	// refusedLife is how long a grant must not live: the documentation says
	// MaxLife, the server refuses beyond this.
	refusedLife = 180 * time.Second
)

func (a *autopsy) judgeTimes() {
	issued, haveIssued := a.judgeTime("iat")
	expires, haveExpires := a.judgeTime("exp")
	if haveIssued {
		a.judgeFuture(issued)
	}
	if !haveExpires {
		return
	}
	if haveIssued {
		a.judgeLife(expires.Sub(issued))
	}
	if a.at.After(expires.Add(tolerance)) {
		a.remark("exp", "exp.expired")
	}
}

// judgeTime reads iat or exp.
func (a *autopsy) judgeTime(name string) (time.Time, bool) {
	value, there := a.claims[name]
	if !there {
		a.remark(name, name+".missing")
		return time.Time{}, false
	}
	n, isNumber := value.(float64)
	switch {
	case !isNumber:
		a.remark(name, name+".not-number")
		return time.Time{}, false
	// Milliseconds, and finer: .NET counts ticks.
	case n >= mostSeconds*10:
		a.remark(name, name+".millis")
		return time.Time{}, false
	case n < leastSeconds, n >= mostSeconds:
		a.remark(name, name+".implausible")
		return time.Time{}, false
	case n != math.Trunc(n):
		a.remark(name, name+".fraction")
	}
	return time.Unix(int64(n), 0), true
}

// judgeFuture looks for a clock that is ahead. Whole hours ahead are no slow
// drift, but local time taken for UTC.
func (a *autopsy) judgeFuture(issued time.Time) {
	ahead := issued.Sub(a.at)
	if ahead <= tolerance {
		return
	}
	hours := ahead.Round(time.Hour)
	if off := ahead - hours; hours >= time.Hour && hours <= 14*time.Hour && off.Abs() <= time.Minute {
		a.remark("iat", "iat.zone", "Hours", strconv.Itoa(int(hours.Hours())))
		return
	}
	a.remark("iat", "iat.future", "Seconds", strconv.Itoa(int(ahead.Seconds())))
}

func (a *autopsy) judgeLife(life time.Duration) {
	seconds := strconv.Itoa(int(life.Seconds()))
	switch {
	case life <= 0:
		a.remark("exp", "exp.order")
	case life > refusedLife:
		a.remark("exp", "exp.too-long", "Seconds", seconds)
	case life > MaxLife:
		a.remark("exp", "exp.over", "Seconds", seconds)
	}
}
