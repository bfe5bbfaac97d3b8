package octostore

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheClockCountsFromTheStartOfTheMachine(t *testing.T) {
	text, err := os.ReadFile("/proc/uptime")
	if err != nil {
		t.Skip(err)
	}
	seconds, err := strconv.ParseFloat(strings.Fields(string(text))[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	uptime := instant(seconds * float64(time.Second))
	if ahead := systemNow().sub(uptime); ahead < -time.Second || ahead > time.Minute {
		t.Errorf("it is %v ahead of the uptime, which counts suspended time", ahead)
	}
}
