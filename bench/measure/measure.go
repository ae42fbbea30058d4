// Package measure is what the benchmarks count with: the processor time of a
// process, medians, and percentiles.
package measure

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// Median is the value in the middle.
func Median[T ~int64 | ~float64](values []T) T { return Percentile(values, 50) }

// Percentile is the value that p percent of the values do not exceed.
func Percentile[T ~int64 | ~float64](values []T, p int) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	at := (len(sorted)*p + 99) / 100
	return sorted[max(at-1, 0)]
}

// Millis writes a duration in milliseconds.
func Millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + " ms"
}

// CPU is the processor time that a running process has used, user and system.
// The kernel counts it in nanoseconds for each thread; a thread that has ended
// is no longer in it, which a Go program's almost never do.
func CPU(pid int) (time.Duration, error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("reading the processor time of process %d: it is gone, or this is not Linux", pid)
	}
	var total time.Duration
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, fmt.Errorf("reading the processor time of process %d: %w", pid, err)
		}
		first, _, _ := bytes.Cut(data, []byte(" "))
		n, err := strconv.ParseInt(string(first), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("reading %q: %w", name, err)
		}
		total += time.Duration(n)
	}
	return total, nil
}

// Memory is what a process has in memory now, in megabytes.
func Memory(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(data)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseFloat(string(fields[1]), 64)
	return pages * float64(os.Getpagesize()) / (1 << 20)
}
