package octostore

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestFrames(t *testing.T) {
	for _, test := range []struct {
		name   string
		stream string
		want   []frame
	}{
		{"one", "event: state\nid: 7\ndata: {}\n\n", []frame{{"state", "7", "{}"}}},
		{"ends of both kinds", "event: a\r\ndata: 1\r\n\r\ndata: 2\n\n", []frame{{"a", "", "1"}, {"", "", "2"}}},
		{"comments", ": hello\n\n: again\ndata: 1\n\n", []frame{{"", "", "1"}}},
		{"without a space", "event:a\ndata:1\n\n", []frame{{"a", "", "1"}}},
		{"one space belongs to the format", "data:  1\n\n", []frame{{"", "", " 1"}}},
		{"data in several lines", "data: 1\ndata: 2\n\n", []frame{{"", "", "1\n2"}}},
		{"without data", "event: a\nid: 1\n\ndata: 2\n\n", []frame{{"", "", "2"}}},
		{"a frame that is cut", "data: 1\n\nid: 2\ndata: 2\n", []frame{{"", "", "1"}}},
		{"unknown fields", "retry: 5\nwhat\ndata: 1\n\n", []frame{{"", "", "1"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// However the text is cut into pieces.
			for _, stream := range []io.Reader{
				strings.NewReader(test.stream), iotest.OneByteReader(strings.NewReader(test.stream)),
			} {
				if got := framesOf(t, stream); !slices.Equal(got, test.want) {
					t.Errorf("got %q, want %q", got, test.want)
				}
			}
		})
	}
}

func framesOf(t *testing.T, stream io.Reader) []frame {
	t.Helper()
	var frames []frame
	reader := newFrameReader(stream)
	for {
		f, err := reader.next()
		if errors.Is(err, io.EOF) {
			return frames
		}
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, f)
	}
}
