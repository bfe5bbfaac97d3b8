package rules

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"testing"
)

func TestTheNumbersAreThoseThatAllSDKsShare(t *testing.T) {
	want := map[string]any{}
	for _, file := range []string{"rules.json", "rules-real-programs.json"} {
		shared, err := os.ReadFile("../../../conformance/" + file)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(want, parsed(t, shared))
	}
	own, err := json.Marshal(Table())
	if err != nil {
		t.Fatal(err)
	}
	if got := parsed(t, own); !reflect.DeepEqual(got, want) {
		t.Errorf("the rules are\n%v, and those that are shared are\n%v", got, want)
	}
}

func parsed(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var table map[string]any
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	return table
}
