package octostoretest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"octostore.io/go/octostore/octostoretest"
)

// inTime is how long a test waits for what must happen.
const inTime = 20 * time.Second

type step struct {
	As          *string
	Ask         string
	Body        any
	Status      int
	Answer      any
	Save        map[string]string
	Until       bool
	Start       string
	Finish      string
	PassSeconds *int `json:"pass_seconds"`
}

type reply struct {
	status int
	body   any
}

// run runs one case.
type run struct {
	server  *octostoretest.Server
	tokens  map[string]string
	saved   map[string]any
	started map[string]chan reply
}

// The server must give the same answers, which its own tests check.
func TestTheDoubleAnswersAsTheServer(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../conformance/test-double-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []struct {
			Name  string
			Steps []step
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, one := range all.Cases {
		t.Run(one.Name, func(t *testing.T) {
			t.Parallel()
			r := newRun()
			for _, s := range one.Steps {
				r.step(t, s)
			}
		})
	}
}

func newRun() *run {
	server := octostoretest.New()
	return &run{
		server: server,
		tokens: map[string]string{
			"ada": server.Token("ada"), "bob": server.Token("bob"), "admin": octostoretest.AdminToken,
		},
		saved: map[string]any{
			"lock": "case", "ada": "ada", "bob": "bob",
			"id1": "11111111-1111-4111-8111-111111111111", "id2": "22222222-2222-4222-8222-222222222222",
			"id3": "33333333-3333-4333-8333-333333333333", "id4": "44444444-4444-4444-8444-444444444444",
		},
		started: map[string]chan reply{},
	}
}

func (r *run) step(t *testing.T, s step) {
	t.Helper()
	switch {
	case s.PassSeconds != nil:
		r.server.Advance(time.Duration(*s.PassSeconds) * time.Second)
	case s.Start != "":
		answer := make(chan reply, 1)
		asked := r.request(t, s)
		r.started[s.Start] = answer
		go func() { answer <- r.ask(t, asked) }()
	case s.Finish != "":
		select {
		case got := <-r.started[s.Finish]:
			r.check(t, s, got)
		case <-time.After(inTime):
			t.Fatalf("%s has no answer", s.Finish)
		}
	default:
		r.check(t, s, r.askUntil(t, s))
	}
}

func (r *run) askUntil(t *testing.T, s step) reply {
	t.Helper()
	for end := time.Now().Add(inTime); ; time.Sleep(time.Millisecond) {
		got := r.ask(t, r.request(t, s))
		if !s.Until || r.difference(s.Answer, got.body, "") == "" || time.Now().After(end) {
			return got
		}
	}
}

func (r *run) request(t *testing.T, s step) *http.Request {
	t.Helper()
	method, path, _ := strings.Cut(r.filled(s.Ask).(string), " ")
	var body bytes.Buffer
	if s.Body != nil {
		if err := json.NewEncoder(&body).Encode(r.filled(s.Body)); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), method, octostoretest.BaseURL+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	if s.As != nil {
		request.Header.Set("Authorization", "Bearer "+r.tokens[*s.As])
	}
	return request
}

func (r *run) ask(t *testing.T, request *http.Request) reply {
	response, err := r.server.RoundTrip(request)
	if err != nil {
		t.Error(err)
		return reply{}
	}
	defer response.Body.Close()
	got := reply{status: response.StatusCode}
	// A response without a body has none to read.
	_ = json.NewDecoder(response.Body).Decode(&got.body)
	return got
}

func (r *run) check(t *testing.T, s step, got reply) {
	t.Helper()
	if got.status != s.Status {
		t.Fatalf("%s: the status is %d, not %d: %v", s.Ask, got.status, s.Status, got.body)
	}
	if s.Answer != nil {
		if difference := r.difference(s.Answer, got.body, "answer"); difference != "" {
			t.Fatalf("%s: %s", s.Ask, difference)
		}
	}
	for name, field := range s.Save {
		r.saved[name] = got.body.(map[string]any)[field]
	}
}

var variable = regexp.MustCompile(`\{(\w+)\}`)

// filled replaces the variables in a value. A text that is only a variable becomes its value.
func (r *run) filled(value any) any {
	switch value := value.(type) {
	case string:
		if whole := variable.FindStringSubmatch(value); whole != nil && whole[0] == value {
			return r.saved[whole[1]]
		}
		return variable.ReplaceAllStringFunc(value, func(name string) string {
			return fmt.Sprint(r.saved[strings.Trim(name, "{}")])
		})
	case []any:
		all := make([]any, 0, len(value))
		for _, one := range value {
			all = append(all, r.filled(one))
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for name, one := range value {
			all[name] = r.filled(one)
		}
		return all
	default:
		return value
	}
}

// difference says where a value differs from the expected one. Empty if it does not.
func (r *run) difference(expected, actual any, path string) string {
	switch expected := r.filled(expected).(type) {
	case map[string]any:
		if bounds, has := boundsOf(expected); has {
			return differenceOfNumbers(bounds, actual, path)
		}
		object, _ := actual.(map[string]any)
		for name, one := range expected {
			if found := r.difference(one, object[name], path+"."+name); found != "" {
				return found
			}
		}
		return ""
	case []any:
		list, _ := actual.([]any)
		if len(list) != len(expected) {
			return fmt.Sprintf("%s has %d entries, not %d", path, len(list), len(expected))
		}
		for at, one := range expected {
			if found := r.difference(one, list[at], fmt.Sprintf("%s[%d]", path, at)); found != "" {
				return found
			}
		}
		return ""
	default:
		if (expected == "$any" && actual != nil) || reflect.DeepEqual(expected, actual) {
			return ""
		}
		return fmt.Sprintf("%s is %v, not %v", path, actual, expected)
	}
}

func boundsOf(expected map[string]any) (map[string]float64, bool) {
	bounds := map[string]float64{}
	for name, bound := range expected {
		if number, isNumber := bound.(float64); isNumber && strings.HasPrefix(name, "$") {
			bounds[name] = number
		}
	}
	return bounds, len(bounds) > 0
}

func differenceOfNumbers(bounds map[string]float64, actual any, path string) string {
	number, isNumber := actual.(float64)
	isWithin := map[string]func(bound float64) bool{
		"$gt":  func(bound float64) bool { return number > bound },
		"$gte": func(bound float64) bool { return number >= bound },
		"$lt":  func(bound float64) bool { return number < bound },
		"$lte": func(bound float64) bool { return number <= bound },
	}
	for name, bound := range bounds {
		if !isNumber || !isWithin[name](bound) {
			return fmt.Sprintf("%s is %v, not %s %v", path, actual, name, bound)
		}
	}
	return ""
}
