// Decodes Kubernetes objects from standard input into the types of the API, and refuses fields that they do not have.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(input io.ReadCloser) error {
	if err := monitoring.AddToScheme(scheme.Scheme); err != nil {
		return err
	}
	codecs := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict)
	documents := yaml.NewDocumentDecoder(input)
	buffer := make([]byte, 1<<20)
	for {
		length, err := documents.Read(buffer)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, kind, err := codecs.UniversalDeserializer().Decode(buffer[:length], nil, nil)
		if err != nil {
			return err
		}
		fmt.Println(kind.Kind)
	}
}
