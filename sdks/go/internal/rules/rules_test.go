package rules

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

func TestTheNumbersAreThoseThatAllSDKsShare(t *testing.T) {
	shared, err := os.ReadFile("../../../conformance/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	own, err := json.Marshal(Table())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parsed(t, own), parsed(t, shared); !reflect.DeepEqual(got, want) {
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
