package octostore_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var codeBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// What the README shows is what the examples run.
func TestTheCodeOfTheREADMEIsThatOfTheExamples(t *testing.T) {
	blocks := codeBlock.FindAllStringSubmatch(textOf(t, "README.md"), -1)
	files, err := filepath.Glob("example_*_test.go")
	if err != nil || len(blocks) != len(files) {
		t.Errorf("there are %d blocks of code and %d examples: %v", len(blocks), len(files), err)
	}
	var examples strings.Builder
	for _, file := range files {
		examples.WriteString(textOf(t, file))
	}
	for _, block := range blocks {
		if !strings.Contains(examples.String(), "\n"+block[1]) {
			t.Errorf("no example has this:\n%s", block[1])
		}
	}
}

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
