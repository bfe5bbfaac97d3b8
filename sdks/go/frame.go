package octostore

import (
	"bufio"
	"io"
	"strings"
)

// frame is one frame of a stream of Server-Sent Events.
type frame struct {
	event string
	// id is empty if the frame has none.
	id   string
	data string
}

// frameReader assembles the frames of an event stream.
type frameReader struct {
	lines *bufio.Reader
}

func newFrameReader(stream io.Reader) *frameReader {
	return &frameReader{bufio.NewReader(stream)}
}

// next returns the next complete frame that has data.
func (r *frameReader) next() (frame, error) {
	for {
		f, hasData, err := r.read()
		if hasData || err != nil {
			return f, err
		}
	}
}

// read reads up to the next empty line.
func (r *frameReader) read() (f frame, hasData bool, err error) {
	var data []string
	for {
		line, err := r.line()
		if err != nil {
			return frame{}, false, err
		}
		if line == "" {
			f.data = strings.Join(data, "\n")
			return f, len(data) > 0, nil
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			f.event = value
		case "id":
			f.id = value
		case "data":
			data = append(data, value)
		}
	}
}

// line returns the next complete line, without its line ending.
func (r *frameReader) line() (string, error) {
	line, err := r.lines.ReadString('\n')
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), err
}
