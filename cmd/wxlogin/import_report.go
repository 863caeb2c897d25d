package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wxlogin/domain"
	"wxlogin/ports"
)

// summary is the report in words: what became of the records, and what was left
// out and why, the most frequent first.
func (job importing) summary(r ports.ImportReport) string {
	var text strings.Builder
	stored := "users stored"
	if job.order.DryRun {
		stored = "users would be stored: this was a dry run"
	}
	_, _ = fmt.Fprintf(&text, "%8d records read\n%8d %s\n%8d users were here already, and stay as they are\n%8d records merged into another of the same openid\n%8d records refused\n",
		r.Read(), r.Stored, stored, r.There, r.Merged, r.Refused)
	byNumber := func(a, b domain.Flaw) int {
		return cmp.Or(cmp.Compare(r.Flaws[b].Times, r.Flaws[a].Times), cmp.Compare(a, b))
	}
	for i, flaw := range slices.SortedFunc(maps.Keys(r.Flaws), byNumber) {
		if i == 0 {
			_, _ = fmt.Fprint(&text, "\nWhat was wrong with records, how often, and the first that had it:\n")
		}
		_, _ = fmt.Fprintf(&text, "%8d %s\n", r.Flaws[flaw].Times, flaw)
		for _, key := range r.Flaws[flaw].Records {
			_, _ = fmt.Fprintf(&text, "         %q\n", key)
		}
	}
	return text.String()
}
