package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// contestant is a server with what was measured of it, by rounds.
type contestant struct {
	name           string
	process        *process
	task           task
	cpu            []time.Duration // a request
	rate           []float64       // requests a second
	latencies      []time.Duration
	atRest, loaded int // bytes
}

// report prints what became of both, and the first as a multiple of the second.
func report(job, store string, pair [2]*contestant, o options) error {
	fmt.Printf("\n%s, %s: %d rounds of %d requests, %d connections\n", job, store, o.rounds, o.requests, o.connections)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(table, "\tCPU a request\trequests/s\tp50\tp99\tmemory at rest\tafter the load\t\n")
	for _, c := range pair {
		slices.Sort(c.latencies)
		_, _ = fmt.Fprintf(table, "%s\t%v\t%.0f\t%v\t%v\t%.1f MiB\t%.1f MiB\t\n", c.name,
			median(c.cpu).Round(time.Microsecond), median(c.rate), c.percentile(50), c.percentile(99), mib(c.atRest), mib(c.loaded))
	}
	_, _ = fmt.Fprintf(table, "ratio\t%s\t%s\t\t\t\t\t\n", compare(pair[0].cpu, pair[1].cpu), compare(pair[0].rate, pair[1].rate))
	return table.Flush()
}

// percentile is of latencies that are sorted.
func (c *contestant) percentile(p int) time.Duration {
	return c.latencies[(len(c.latencies)-1)*p/100].Round(10 * time.Microsecond)
}

// compare returns the ratio of the sums, the range of the middle half of the
// rounds' ratios, and that of all.
func compare[T time.Duration | float64](ours, theirs []T) string {
	var our, their float64
	var ratios []float64
	for i := range ours {
		our, their = our+float64(ours[i]), their+float64(theirs[i])
		ratios = append(ratios, float64(ours[i])/float64(theirs[i]))
	}
	slices.Sort(ratios)
	last := len(ratios) - 1
	return fmt.Sprintf("%.2f (half %.2f-%.2f, all %.2f-%.2f)", our/their, ratios[last/4], ratios[last-last/4], ratios[0], ratios[last])
}

func median[T cmp.Ordered](of []T) T {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

func mib(bytes int) float64 { return float64(bytes) / (1 << 20) }
